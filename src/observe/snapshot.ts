import { realpathSync } from 'node:fs';
import { exitStatus } from '../exit.ts';
import type { Agent } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import { type Fact, unknown } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { protocolOf } from '../model/message.ts';
import type { Tmux } from '../model/pane.ts';
import { isShell } from '../model/shells.ts';
import type { KeeperMail, Obstacle, SignsOfLife, Snapshot, Warning } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';
import type { Run } from '../run.ts';
import type { Answer, Overview } from '../store/port.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { listPanes } from '../tmux/panes.ts';
import { readHolds } from '../town/holds.ts';
import { isPoked } from '../town/identity.ts';
import type { Layout } from '../town/layout.ts';
import { readFlags } from '../town/lifecycle-flags.ts';
import { type LoadedRigs, loadRigs } from '../town/rigs.ts';
import { readActivity } from './activity.ts';
import { knownAgents } from './agents.ts';
import { findGoDaemon } from './go-daemon.ts';
import { findHomeObstacle } from './home.ts';
import { readMachine, someoneIsDown } from './machine.ts';
import { keeperMail, waitingFor } from './mail.ts';
import { findPrograms } from './programs.ts';
import { signsOf } from './signs.ts';
import { overdue, unreported } from './unreported.ts';
import { agentRecords, hookedWork, silentRigs, stillWorkers } from './work.ts';

export interface Observing {
  readonly layout: Layout;
  readonly config: Config;
  readonly state: State;
  readonly now: Instant;
  /** The caller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories searched for programs, in order: the caller's PATH, then the settings'. */
  readonly path: readonly string[];
  readonly run: Run;
  /** The town's tmux; null when there is no such program. */
  readonly client: TmuxClient | null;
  /** The rigs, if they were read already. */
  readonly rigs?: LoadedRigs;
  /** The listing of the client, if it was asked for already; null as the client. */
  readonly panes?: Promise<Fact<Tmux>> | null;
  /** Asks the store, while tmux answers. */
  readonly store: () => Promise<Answer<Overview>>;
}

/**
 * Looks at everything a pass decides from. One program is run, tmux, for any number of agents; where there is no `/proc`
 * one `ps` more. Files are read while tmux answers, and all that the store has no part in before it is waited for. What
 * cannot be found out is unknown; nothing here fails a pass.
 */
export async function observe(observing: Observing): Promise<Snapshot> {
  const { layout, config, state, now, env, path, run, client, store } = observing;
  const town = realpathSync(layout.root);
  const asked =
    observing.panes === undefined ? (client === null ? null : listPanes(client)) : observing.panes;
  const storing = store();
  const daemon = findGoDaemon(layout, run, env);
  const { rigs, warnings } = observing.rigs ?? loadRigs(layout);
  const holds = readHolds(layout, now.wall, rigs.known ? rigs.value.map((rig) => rig.name) : state.rigs);
  const activity = readActivity(layout);

  const listed = asked === null ? unknown('there is no tmux program') : await asked;
  const tmux = await withDescendants(listed, town, run, env);
  const agents = knownAgents(rigs, state.rigs, town, tmux);
  const programs = findPrograms(config, agents, path);
  const unready = unreported(agents, programs, state, tmux);
  const early = agents.filter((agent) => isPoked(agent) || unready.includes(agent));
  const signed = new Map(early.map((agent) => [agent, signsOf(layout, agent)]));
  const home = tmux.known
    ? await findHomeObstacle({ home: state.home, answer: tmux.value, config, run, env })
    : null;

  const stored = await storing;
  const hooked = hookedWork(stored);
  const still = stillWorkers(agents, hooked, tmux, now.wall, config.tick.work.staleMs);
  const looked = agents.filter((agent) => signed.has(agent) || still.includes(agent));
  const signs = Object.fromEntries(
    looked.map((agent) => [agent.id, signed.get(agent) ?? signsOf(layout, agent)]),
  );
  const keeper = keeperMail(stored);
  const silent = silentRigs(stored);
  const late = overdue(unready, state, now.wall, config.tick.newbornMs);
  const firstSigns =
    late.length === 0 ? null : (await import('./first-signs.ts')).firstSigns(layout, late, agents, state);
  // Only where somebody may have to be started, or ended for silence.
  const crowded = still.length > 0 || late.length > 0;
  const machine =
    tmux.known && (crowded || someoneIsDown({ agents, tmux: tmux.value, hooked, keep: config.tick.keep }))
      ? readMachine()
      : null;
  const obstacles = [
    await daemon,
    client === null ? missing(path) : null,
    client !== null && !tmux.known ? notAnswering(client, tmux.reason) : null,
    home,
  ];
  return {
    town,
    now,
    obstacles: obstacles.filter((obstacle) => obstacle !== null),
    tmux,
    rigs,
    agents,
    holds,
    signs,
    ...(firstSigns === null ? {} : { firstSigns }),
    activity,
    programs,
    hooked,
    ...(silent.length === 0 ? {} : { silentRigs: silent }),
    records: agentRecords(stored),
    ...(machine === null ? {} : { machine }),
    waiting: waitingFor(agents, stored),
    keeper,
    flags: keeper.known && asksForSomething(keeper.value) ? flagsOf(layout.root, agents) : {},
    warnings: [
      ...warnings,
      ...unreadable(signs, activity),
      ...(stored.known ? stored.value.warnings : (stored.warnings ?? [])),
    ],
  };
}

/** A shell may be all that is left of an agent, or what it was started through: what runs below it tells. */
async function withDescendants(
  tmux: Fact<Tmux>,
  town: string,
  run: Run,
  env: Observing['env'],
): Promise<Fact<Tmux>> {
  if (!tmux.known || tmux.value.kind === 'absent') return tmux;
  const { panes } = tmux.value;
  const asked = panes.filter((pane) => pane.town === town && pane.dead === null && isShell(pane.command));
  if (asked.length === 0) return tmux;
  const { readDescendants } = await import('./processes.ts');
  const found = await readDescendants(
    asked.map((pane) => pane.pid),
    run,
    env,
  );
  const told = new Set(asked);
  const read = panes.map((pane) =>
    told.has(pane) ? { ...pane, descendants: found.get(pane.pid) ?? null } : pane,
  );
  return { known: true, value: { ...tmux.value, panes: read } };
}

function unreadable(
  signs: Readonly<Record<string, SignsOfLife>>,
  activity: Fact<number | null>,
): readonly Warning[] {
  const stamps = [...Object.values(signs).map(({ stamp }) => stamp), activity];
  return stamps.flatMap((stamp) =>
    stamp.known ? [] : [{ code: 'stamp-unreadable', message: `${stamp.reason}.` }],
  );
}

function missing(path: readonly string[]): Obstacle {
  return {
    code: 'tmux-missing',
    message: `No tmux program was found in ${path.join(':') || 'an empty search path'}. Install tmux, or name its directory in tick.path of settings/config.json.`,
    exit: exitStatus.unavailable,
  };
}

function notAnswering(client: TmuxClient, reason: string): Obstacle {
  return {
    code: 'tmux-not-answering',
    message: `The tmux server at ${client.socketPath} gave no usable answer: ${reason}. Nothing was done, since agents that cannot be seen may be well.`,
    exit: exitStatus.unavailable,
  };
}

/** Flags are only looked at while somebody asks: a request without a flag waits, a flag without a request is nothing. */
function asksForSomething({ waiting, claimed }: KeeperMail): boolean {
  return [...waiting, ...claimed].some(({ subject }) => protocolOf(subject) === 'lifecycle');
}

function flagsOf(root: string, agents: readonly Agent[]): Snapshot['flags'] {
  return Object.fromEntries(agents.map((agent) => [agent.id, readFlags(root, agent)]));
}
