import { lstatSync, renameSync } from 'node:fs';
import { mayStartAgain } from '../../decide/hold-rights.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Hold } from '../../model/rig.ts';
import { notSaved } from '../../persist/io-failure.ts';
import { jsonText } from '../../show/json.ts';
import { readHoldsFile } from '../../town/holds-file.ts';
import { homeOf } from '../../town/layout.ts';
import { endShutdown } from '../../town/shutdown-hold.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { notAllowed, ordererOf, pleaseResume } from '../operator/hold-rights.ts';
import { editing, holdText } from '../rigs/rig.ts';
import { type Desk, deskIn } from './desk.ts';
import { byHand } from './hand.ts';
import { refuseEnding } from './rights.ts';
import { findingOf } from './startable.ts';
import { type Ended, stopThem } from './stop.ts';
import { shortOf } from './words.ts';
import { crewNamed } from './workers.ts';

export interface CrewRemoveOptions {
  readonly town?: string | undefined;
  readonly names: readonly string[];
  readonly rig?: string | undefined;
  /** End those first that run. */
  readonly force?: boolean | undefined;
  readonly json: boolean;
}

/**
 * `gt crew remove`: a worker is whoever has a directory there, so its workspace is moved aside, under a name that is no
 * worker's, with everything in it: unsaved work and branches are nobody's to delete. Refused while it runs, unless it may be ended.
 * Whoever may not start a worker again that was stopped may not remove it either: added again it would be free.
 */
export async function crewRemoveCommand(options: CrewRemoveOptions, context: Context): Promise<number> {
  const desk = deskIn(options.town, context);
  const { at } = desk;
  const agents = crewNamed(options, desk);
  const command = 'gt crew remove';
  const removed: object[] = [];
  refuseEnding(agents, at, context);
  refuseHeld(agents, desk);
  if (options.force === true) refuseItself(agents, desk);
  const ending = { at, command, context, hold: `being removed with ${command}` };
  const stopped = options.force === true ? await stopThem(agents, ending) : [];
  await byHand(at, command, context, async (hand) => {
    for (const agent of agents) {
      const { liveness, session } = findingOf(agent, hand);
      if (liveness.is === 'absent' || liveness.is === 'foreign') continue;
      throw new Failure(
        'still-there',
        exitStatus.failed,
        `${shortOf(agent)} has a session (${session}). Nobody was removed.${andStopped(stopped)}`,
        `gt crew stop ${shortOf(agent)}`,
      );
    }
    for (const agent of agents) {
      const kept = await putAside(agent, desk);
      await endShutdown(at, agent.id, editing(command, context), (stops) => refuseStops(stops, desk));
      removed.push({ agent: agent.id, kept });
      if (!options.json)
        context.stdout(`✓ ${shortOf(agent)} is no longer part of the town. Its workspace is kept: ${kept}\n`);
    }
  });
  if (options.json) context.stdout(jsonText({ schema: 'gt.crew-remove/1', town: at.root, removed }));
  return exitStatus.done;
}

/** The end of its own pane would cut it short between the stop and the rest. */
function refuseItself(agents: readonly Agent[], { at, context }: Desk): void {
  const caller = callerOf(at.root, context);
  if (!agents.some(({ id }) => id === caller?.id)) return;
  throw new Failure(
    'own-session',
    exitStatus.failed,
    `${caller?.id} cannot end itself and be removed by the same command: its own end would cut that short. Nothing was done. It asks to be ended, and somebody else removes it then.`,
    'gt lifecycle request shutdown',
  );
}

function refuseHeld(agents: readonly Agent[], desk: Desk): void {
  const holds = readHoldsFile(desk.at.holdsFile);
  if (!holds.known) return;
  const isStop = ({ kind, target }: Hold) => kind === 'shutdown' && agents.some(({ id }) => id === target);
  refuseStops(holds.value.filter(isStop), desk);
}

/** Throws the failure (77) where the caller may not end one of these. */
function refuseStops(stops: readonly Hold[], { at, context }: Desk): void {
  const orderer = ordererOf(at, context);
  const stays = stops.find((hold) => !mayStartAgain(orderer, hold));
  if (stays === undefined) return;
  throw notAllowed(
    `${stays.target} is down (${holdText(stays, context.now())}), and what a person stopped a person removes: added again it would be free.`,
    pleaseResume(stays, { at, context }),
  );
}

function andStopped(ended: readonly Ended[]): string {
  const stopped = ended.filter(({ result }) => result === 'stopped').map(({ agent }) => shortOf(agent));
  return stopped.length === 0 ? '' : ` Stopped, and kept down: ${stopped.join(', ')}.`;
}

/** The new place of a workspace. A worktree's repository is told where it went. */
async function putAside(agent: Agent, { at, context }: Desk): Promise<string> {
  const home = homeOf(at.root, agent);
  const name = 'name' in agent ? agent.name : agent.id;
  const stamp = context.now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const aside = freeName(`${home.slice(0, -name.length)}.${name}.removed-${stamp}`);
  try {
    renameSync(home, aside);
  } catch (error) {
    throw notSaved(home, error);
  }
  if (lstatSync(`${aside}/.git`, { throwIfNoEntry: false })?.isFile() === true) {
    const { run, env } = context;
    const ran = await run({ file: 'git', args: ['worktree', 'repair'], cwd: aside, env });
    if (!ran.ok)
      context.stderr(`⚠ Warning: git was not told of the new place: run git worktree repair in ${aside}\n`);
  }
  return aside;
}

function freeName(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return name;
  }
}
