import { lstatSync, renameSync } from 'node:fs';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { notSaved } from '../../persist/io-failure.ts';
import { jsonText } from '../../show/json.ts';
import { homeOf } from '../../town/layout.ts';
import { endShutdown } from '../../town/shutdown-hold.ts';
import type { Context } from '../context.ts';
import { editing } from '../rigs/rig.ts';
import { type Desk, deskIn } from './desk.ts';
import { byHand } from './hand.ts';
import { findingOf } from './startable.ts';
import { stopThem } from './stop.ts';
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
 */
export async function crewRemoveCommand(options: CrewRemoveOptions, context: Context): Promise<number> {
  const desk = deskIn(options.town, context);
  const { at } = desk;
  const agents = crewNamed(options, desk);
  const command = 'gt crew remove';
  const removed: object[] = [];
  if (options.force === true)
    await stopThem(agents, { at, command, context: desk.context, hold: `being removed with ${command}` });
  await byHand(at, command, context, async (hand) => {
    for (const agent of agents) {
      const { liveness, session } = findingOf(agent, hand);
      if (liveness.is === 'absent' || liveness.is === 'foreign') continue;
      throw new Failure(
        'still-there',
        exitStatus.failed,
        `${shortOf(agent)} has a session (${session}). Nobody was removed.`,
        `gt crew stop ${shortOf(agent)}`,
      );
    }
    for (const agent of agents) {
      const kept = await putAside(agent, desk);
      await endShutdown(at, agent.id, editing(command, context));
      removed.push({ agent: agent.id, kept });
      if (!options.json)
        context.stdout(`✓ ${shortOf(agent)} is no longer part of the town. Its workspace is kept: ${kept}\n`);
    }
  });
  if (options.json) context.stdout(jsonText({ schema: 'gt.crew-remove/1', town: at.root, removed }));
  return exitStatus.done;
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
