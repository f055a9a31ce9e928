import { exitStatus } from '../../exit.ts';
import type { Hold } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { momentText } from '../../show/time.ts';
import { findTown } from '../../town/find.ts';
import { agentsOf, sessionOf } from '../../town/identity.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { type Editing, noSuchRig, registryOf, unregisterRig } from '../../town/registry-edit.ts';
import { type RigStatus, rigStatuses } from '../../town/rig-status.ts';
import { loadRigs } from '../../town/rigs.ts';
import { readConfig } from '../../town/settings.ts';
import type { Context } from '../context.ts';
import { askPerson, holderOf, nameOf, notAllowed, ordererOf, personRuns } from '../operator/hold-rights.ts';
import { logDeed } from '../operator/log-deed.ts';

/** Asks tmux which sessions run; null when that cannot be found out. */
export type RunningSessions = () => Promise<ReadonlySet<string> | null>;

export interface RigListOptions {
  readonly town?: string | undefined;
  readonly json?: boolean | undefined;
  readonly sessions?: RunningSessions | undefined;
}

export interface RigRemoveOptions {
  readonly town?: string | undefined;
  readonly name: string;
  readonly json?: boolean | undefined;
  readonly sessions?: RunningSessions | undefined;
}

/** `gt rig list`: upstream's JSON keys (spec/agents.md §3.12), and ours. */
export async function rigListCommand(options: RigListOptions, context: Context): Promise<number> {
  const at = townOf(options.town, context, { reading: true });
  const { rigs, warnings } = rigStatuses(at, registryOf(at), context.now().getTime());
  const running = (await options.sessions?.()) ?? null;
  for (const warning of warnings) context.stderr(`${warning}\n`);
  context.stdout(
    options.json === true
      ? jsonText(rigs.map((rig) => listed(rig, at, running)))
      : listText(rigs, at, running, context.now()),
  );
  return exitStatus.done;
}

/** `gt rig remove`: out of the registry; files and sessions stay as they are. */
export async function rigRemoveCommand(options: RigRemoveOptions, context: Context): Promise<number> {
  const at = townOf(options.town, context);
  const { name } = options;
  refuseRemoval(name, at, context);
  const loaded = loadRigs(at).rigs;
  const rigs = (loaded.known ? loaded.value : []).filter((rig) => rig.name === name);
  const removed = await unregisterRig(at, name, editing('gt rig remove', context));
  if (!removed) throw noSuchRig(name, registryOf(at), at);
  const text = `${name} was taken out of the town by ${oneLine(holderOf(at, context))}`;
  logDeed(at, { kind: 'rig-removed', target: name, text }, context);
  const mine = agentsOf(rigs)
    .filter((agent) => 'rig' in agent)
    .map(sessionOf);
  const running = (await options.sessions?.()) ?? null;
  const sessions = running === null ? mine : mine.filter((session) => running.has(session));
  const stop = sessions.map((session) => `${tmuxLine(at)} kill-session -t '=${session}'`);
  if (options.json === true) {
    context.stdout(
      jsonText({
        schema: 'gt.rig-remove/1',
        town: at.root,
        rig: name,
        sessions: running === null ? null : sessions,
        stop,
      }),
    );
    return exitStatus.done;
  }
  context.stdout(
    `The rig ${name} is no longer part of the town. Its files in ${at.root}/${name} are untouched.\n`,
  );
  if (stop.length > 0) {
    const which = running === null ? 'Sessions of its agents that run' : 'These sessions of its agents';
    context.stdout(
      `${which} go on by themselves. To end them:\n${stop.map((line) => `  ${line}\n`).join('')}`,
    );
  }
  return exitStatus.done;
}

/** A rig leaves the town by a person or the mayor. */
function refuseRemoval(name: string, at: Layout, context: Context): void {
  const orderer = ordererOf(at, context);
  if (orderer.is === 'person' || (orderer.is === 'agent' && orderer.agent.role === 'mayor')) return;
  const line = `gt rig remove ${name}`;
  throw notAllowed(
    `${nameOf(orderer, context)} may not take ${name} out of the town; people and the mayor may. Nothing was done. A person runs: ${personRuns(line, { at, context })}`,
    askPerson('please remove', line, { at, context }),
  );
}

export function townOf(
  town: string | undefined,
  { env, cwd }: Context,
  { reading = false }: { readonly reading?: boolean } = {},
): Layout {
  return layout(findTown({ town, env, cwd, reading }));
}

export function editing(command: string, context: Context): Editing {
  return { at: context.now().toISOString(), command };
}

function listed(rig: RigStatus, at: Layout, running: ReadonlySet<string> | null): unknown {
  const { name, prefix, status, polecats, crew, gitUrl, hold } = rig;
  const state = (role: string) =>
    running === null ? 'unknown' : running.has(`gt-${name}-${role}`) ? 'running' : 'stopped';
  return {
    name,
    beads_prefix: prefix,
    status,
    witness: state('witness'),
    refinery: state('refinery'),
    polecats,
    crew,
    git_url: gitUrl,
    path: `${at.root}/${name}`,
    hold,
  };
}

function listText(
  rigs: readonly RigStatus[],
  at: Layout,
  running: ReadonlySet<string> | null,
  now: Date,
): string {
  if (rigs.length === 0) return `The town ${at.root} has no rigs. To add one: gt rig add NAME GIT_URL\n`;
  const state = (session: string) => (running?.has(session) === true ? '● running' : '○ stopped');
  const blocks = rigs.map(({ name, status, polecats, crew, hold }) => {
    const about =
      status === 'operational'
        ? ''
        : ` (${[status, ...(hold === null ? [] : [holdText(hold, now)])].join(': ')})`;
    const agents = `    Witness: ${state(`gt-${name}-witness`)}  Refinery: ${state(`gt-${name}-refinery`)}`;
    return [
      `  ${oneLine(name)}${about}`,
      ...(running === null ? [] : [agents]),
      `    Polecats: ${polecats}  Crew: ${crew}`,
    ].join('\n');
  });
  return `Rigs in ${at.root}:\n\n${blocks.join('\n\n')}\n`;
}

/** Why, by whom and since when. */
export function holdText({ reason, by, since }: Hold, now: Date): string {
  return `${oneLine(reason)}, by ${oneLine(by)}${since === null ? '' : `, ${momentText(new Date(since), now)}`}`;
}

/** How to reach the town's tmux server by hand. */
function tmuxLine(at: Layout): string {
  const read = readConfig(at);
  if (read.kind !== 'ok') return 'tmux -L SOCKET';
  const { socket, tmpdir } = read.config.tmux;
  return `${tmpdir === null ? '' : `TMUX_TMPDIR='${tmpdir.replaceAll("'", `'\\''`)}' `}tmux -L ${socket}`;
}
