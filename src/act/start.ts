import { type Launch, launchOf } from '../agents/command.ts';
import { ensureHooksFile } from '../agents/hooks-file.ts';
import { runtimeOf } from '../agents/runtime.ts';
import { themeOf } from '../agents/theme.ts';
import type { Agent } from '../model/agent.ts';
import type { Action, Outcome } from '../model/plan.ts';
import { shells } from '../model/shells.ts';
import { findProgram, isProgram } from '../run.ts';
import {
  describePane,
  newSession,
  type Placed,
  parsePlaced,
  remainOnExit,
  respawnPane,
  sessionTarget,
  type TmuxCommand,
  tag,
} from '../tmux/commands.ts';
import { type Block, type BlockResult, runScript } from '../tmux/script.ts';
import { workDirsOf } from '../town/layout.ts';
import { allowed } from './allowed.ts';
import { refreshLauncher } from './launcher.ts';
import { failed, skipped, succeeded } from './outcome.ts';
import { type Settled, settle } from './settle.ts';
import { workDirOf } from './work-dir.ts';
import type { World } from './world.ts';

export type StartAction = Extract<Action, { kind: 'start' | 'recreate' }>;

/**
 * Starts agents as their panes' own processes, all of them in one tmux client, then looks whether they are still
 * there: one client more, or a few when a program dies slowly. Nothing is typed, no session is killed.
 */
export async function startAgents(
  actions: readonly StartAction[],
  world: World,
): Promise<readonly Outcome[]> {
  if (actions.length === 0) return [];
  const { go, outcomes } = allowed(actions, world);
  const done = [...outcomes];
  const blocks: Block[] = [];
  const troubles = new Map<string, string>();
  const noLauncher =
    go.length === 0 || world.self === undefined ? null : refreshLauncher(world.layout, world.self);
  for (const { action, agent } of go) {
    const prepared = prepare(action, agent, world);
    if (!('commands' in prepared)) {
      done.push(prepared);
      continue;
    }
    blocks.push(prepared);
    const trouble = prepared.trouble ?? noLauncher;
    if (trouble !== null) troubles.set(action.id, trouble);
  }
  const results = await runScript(world.client, blocks, { startServer: true });
  const placed: { readonly action: StartAction; readonly placed: Placed | null }[] = [];
  for (const result of results) {
    const action = actions.find(({ id }) => id === result.id);
    if (action === undefined) continue;
    const read = readResult(action, result);
    if ('action' in read) done.push(read);
    else placed.push({ action, placed: read.placed });
  }
  if (placed.length > 0) done.push(...verdicts(placed, await settle(placed, world), world));
  const untold = await tellThose(placed, done, world);
  return done.map((outcome) => {
    const trouble = [troubles.get(outcome.action), untold.get(outcome.action)].filter(Boolean).join('; ');
    return trouble !== '' && outcome.result === 'ok' ? { ...outcome, error: trouble } : outcome;
  });
}

/** The start-up text for those whose command line cannot carry it; by action, why somebody was not told. */
async function tellThose(
  placed: readonly { readonly action: StartAction; readonly placed: Placed | null }[],
  outcomes: readonly Outcome[],
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const started = placed.flatMap(({ action, placed: where }) => {
    const agent = world.agents.find(({ id }) => id === action.agent);
    const runs = outcomes.some((one) => one.action === action.id && one.result === 'ok');
    if (where === null || agent === undefined || !runs) return [];
    const { prompt, composer } = runtimeOf(world.config, agent);
    return prompt === 'argument' || composer.length === 0 ? [] : [{ action, agent, ...where }];
  });
  return started.length === 0 ? new Map() : (await import('./tell-started.ts')).tellStarted(started, world);
}

/** Only if nobody has put something else there since we looked: the pane is dead, or a bare shell with nobody at it. */
const leftBehind = `#{||:#{==:#{pane_dead},1},#{&&:#{==:#{session_attached},0},#{m/r:^-?(${shells.join('|')})$,#{pane_current_command}}}}`;

/** `trouble`: what of the preparations failed without keeping the agent from being started. */
type Prepared = Block & { readonly trouble: string | null };

function prepare(
  action: StartAction,
  agent: Agent,
  { layout, config, operatorEnv }: World,
): Prepared | Outcome {
  const { session } = action;
  const cwd = workDirOf(layout.root, agent);
  if (cwd === null)
    return failed(
      action,
      `no directory to work in: ${workDirsOf(layout.root, agent).join(', ')}`,
      'no-directory',
    );
  try {
    const launch = launchOf({ agent, layout, config, operatorEnv, session, cwd });
    const { argv, env } = launch;
    if (!isInstalled(launch))
      return failed(action, `its program ${launch.program} is not on the search path`, 'program-missing');
    const trouble =
      runtimeOf(config, agent).hooks === 'claude' ? ensureHooksFile(layout.root, agent, cwd) : null;
    const owner = { town: layout.root, agent: agent.id };
    const start = { session, dir: cwd, env, argv };
    if (action.kind === 'start') {
      const target = sessionTarget(session);
      return {
        id: action.id,
        trouble,
        commands: writable([
          newSession(start),
          remainOnExit(target),
          ...tag(target, owner),
          ...dress(target, agent),
        ]),
      };
    }
    const { pane, panePid } = action;
    return {
      id: action.id,
      trouble,
      guard: { pane, panePid, when: leftBehind },
      commands: writable([
        respawnPane(pane, start),
        remainOnExit(pane),
        ...tag(pane, owner),
        ...dress(pane, agent),
        describePane(pane),
      ]),
    };
  } catch (error) {
    return failed(action, error instanceof Error ? error.message : String(error), 'no-command');
  }
}

/** The program that a successor of this agent would need and that is not there; null when it could be started. */
export function missingProgram(
  agent: Agent,
  session: string,
  { layout, config, operatorEnv }: World,
): string | null {
  try {
    const launch = launchOf({ agent, layout, config, operatorEnv, session, cwd: layout.root });
    return isInstalled(launch) ? null : launch.program;
  } catch {
    // What the settings do not tell is said by the start itself.
    return null;
  }
}

/** A program that is missing is named before anything is opened or ended for it (spec/agents.md §1.0.5). */
function isInstalled({ program, env }: Pick<Launch, 'program' | 'env'>): boolean {
  if (program.includes('/')) return isProgram(program);
  return findProgram(program, (env.PATH ?? '').split(':')) !== null;
}

function dress(target: string, agent: Agent): readonly TmuxCommand[] {
  return themeOf(agent).map(([option, value]) => ['set-option', '-t', target, option, value]);
}

/** One agent's impossible argument must not spoil the script of all. */
function writable(commands: Block['commands']): Block['commands'] {
  const bad = commands.flat().find((word) => /[\n\0]/.test(word));
  if (bad !== undefined)
    throw new RangeError(`tmux cannot be given ${JSON.stringify(bad)}: it has a line end in it`);
  return commands;
}

function readResult(action: StartAction, result: BlockResult): Outcome | { readonly placed: Placed | null } {
  switch (result.result) {
    case 'ok':
      return { placed: parsePlaced(result.output) };
    case 'skipped':
      return skipped(action, 'changed', 'the pane is no longer as it was seen: left alone');
    case 'failed':
      // Somebody was faster. Whether that is our agent shows in the next listing.
      if (result.kind === 'duplicate') return { placed: null };
      return failed(action, `tmux said: ${result.error}`, 'tmux');
    case 'not-run':
      return failed(action, `nothing was started: ${result.error}`, 'tmux');
    case 'unknown':
      return failed(action, `it may have been started: ${result.error}`, 'tmux');
  }
}

function verdicts(
  placed: readonly { readonly action: StartAction; readonly placed: Placed | null }[],
  settled: Settled,
  { layout }: World,
): readonly Outcome[] {
  return placed.map(({ action, placed: where }) => {
    const { server } = settled;
    if (!server.known) {
      // tmux itself confirmed the creation; that it cannot be asked now says nothing against it.
      if (where !== null) return succeeded(action, { ...where, serverStarted: null });
      return failed(
        action,
        `a session ${action.session} exists and could not be looked at: ${server.reason}`,
        'tmux',
      );
    }
    const { panes, pid: serverPid, started: serverStarted, socket } = server.value;
    if (where === null) {
      const there = panes.filter((pane) => pane.session === action.session);
      const own = there.find(
        (pane) => pane.town === layout.root && pane.agent === action.agent && pane.pane === pane.agentPane,
      );
      if (own === undefined)
        return failed(action, `a session ${action.session} exists that this town did not start`, 'foreign');
      if (own.dead !== null)
        return failed(action, `a session ${action.session} exists and its agent has ended`, 'duplicate');
      return succeeded(action, { pane: own.pane, panePid: own.pid, serverPid, serverStarted, socket });
    }
    const place = { ...where, serverStarted };
    const pane = panes.find((candidate) => candidate.pane === where.pane && candidate.pid === where.panePid);
    if (pane === undefined)
      return failed(action, `its pane ${where.pane} vanished at once`, 'vanished', place);
    if (pane.dead === null) return succeeded(action, place);
    const { status, signal } = pane.dead;
    const how = signal === null ? `with status ${status ?? 'unknown'}` : `by signal ${signal}`;
    const hint = status === 127 ? ': its program was not found' : '';
    return failed(action, `its program ended at once ${how}${hint}`, 'ended', place);
  });
}
