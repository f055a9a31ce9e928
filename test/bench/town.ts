import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Agent } from '../../src/model/agent.ts';
import { createRun } from '../../src/run.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { newSession, remainOnExit, sessionTarget, tag } from '../../src/tmux/commands.ts';
import { runScript } from '../../src/tmux/script.ts';
import { rigAgent, sessionOf, townAgent, worker } from '../../src/town/identity.ts';
import { homeOf, keepaliveFileOf, layout } from '../../src/town/layout.ts';
import type { Measured } from './command.ts';

/** A town whose agents all live, in a tmux server of its own. */
export interface BenchTown {
  readonly root: string;
  readonly agents: number;
  /** `gt` with these arguments in this town, as a scheduler would run it. */
  readonly gt: (args: readonly string[], prepare?: () => void) => Measured;
  readonly tmux: (args: readonly string[]) => Measured;
  /** Makes a heartbeat due, and every agent look as if it had just shown itself. */
  readonly becomeDue: () => void;
  readonly close: () => void;
}

const path = '/usr/local/bin:/usr/bin:/bin';
const socket = 'gt-bench';

export const listPanes = ['list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{session_name}'];

/** What else a town is to have. */
export interface Furnishing {
  /** Polecats of each rig, beside its witness. Default: none. */
  readonly polecats?: number;
  /** A directory put first in PATH, and variables. */
  readonly program?: string;
  readonly more?: Readonly<Record<string, string>>;
  /** Puts things into the town before its first pass. */
  readonly furnish?: (root: string, rigs: readonly string[], env: Measured['env']) => void;
}

/** Makes a town of a deacon and rigs with a witness each. An agent is a `sleep`: it costs nothing itself. */
export async function benchTown(
  gtFile: string,
  rigCount: number,
  { polecats = 0, program = '', more = {}, furnish }: Furnishing = {},
): Promise<BenchTown> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-bench-')));
  const root = join(dir, 'town');
  const env = { HOME: dir, PATH: program === '' ? path : `${program}:${path}`, TMUX_TMPDIR: dir, ...more };
  const rigs = Array.from({ length: rigCount }, (_, index) => `rig${String(index).padStart(4, '0')}`);
  const everybody = [
    townAgent('deacon'),
    ...rigs.flatMap((rig) => [
      rigAgent(rig, 'witness'),
      ...Array.from({ length: polecats }, (_, index) => worker(rig, 'polecat', `nux${index}`)),
    ]),
  ];
  const gt = (args: readonly string[], prepare?: () => void): Measured => ({
    argv: [process.execPath, gtFile, ...args, '--town', root],
    env,
    exits: [0],
    ...(prepare === undefined ? {} : { prepare }),
  });
  const tmux = (args: readonly string[]): Measured => ({
    argv: ['/usr/bin/env', 'tmux', '-u', '-L', socket, ...args],
    env,
    exits: [0],
  });
  const close = () => {
    run(['/usr/bin/env', 'tmux', '-L', socket, 'kill-server'], env);
    rmSync(dir, { recursive: true, force: true });
  };
  const becomeDue = () => {
    rmSync(layout(root).dueFile, { force: true });
    for (const agent of everybody) showLife(root, agent);
  };
  try {
    must(['install', root], gtFile, env);
    must(['rig', 'add', rigs[0] ?? '', '--town', root], gtFile, env);
    copyRigs(root, rigs);
    useSleepers(root, dir);
    await startSleepers(root, dir, env, everybody);
    furnish?.(root, rigs, env);
    becomeDue();
    must(['tick', '--town', root], gtFile, env);
    return { root, agents: everybody.length, gt, tmux, becomeDue, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Registers copies of the first rig: adding a thousand by command would take longer than all measurements. */
function copyRigs(root: string, rigs: readonly string[]): void {
  const { rigsFile } = layout(root);
  const registry = JSON.parse(readFileSync(rigsFile, 'utf8'));
  const [first = '', ...others] = rigs;
  for (const rig of others) {
    registry.rigs[rig] = registry.rigs[first];
    cpSync(join(root, first), join(root, rig), { recursive: true });
  }
  writeFileSync(rigsFile, JSON.stringify(registry));
}

function useSleepers(root: string, dir: string): void {
  const { settingsFile } = layout(root);
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
  settings.default_agent = 'sleeper';
  settings.agents = {
    sleeper: { command: 'sleep', args: ['infinity'], process_names: ['sleep'], prompt: 'none' },
  };
  settings.tick = { ...settings.tick, socket, tmux_tmpdir: dir };
  writeFileSync(settingsFile, JSON.stringify(settings));
}

async function startSleepers(
  root: string,
  dir: string,
  env: Measured['env'],
  agents: readonly Agent[],
): Promise<void> {
  const client = openTmux({
    socket,
    tmpdir: dir,
    env,
    run: createRun({ path: path.split(':') }),
    file: 'tmux',
    timeoutMs: 120_000,
  });
  const blocks = agents.map((agent) => {
    const session = sessionOf(agent);
    const target = sessionTarget(session);
    const home = homeOf(root, agent);
    mkdirSync(home, { recursive: true });
    return {
      id: agent.id,
      commands: [
        newSession({ session, dir: home, env: {}, argv: ['sleep', 'infinity'] }),
        remainOnExit(target),
        ...tag(target, { town: root, agent: agent.id }),
      ],
    };
  });
  const results = await runScript(client, blocks, { startServer: true });
  const failed = results.find(({ result }) => result !== 'ok');
  if (failed !== undefined) throw new Error(`a session was not started: ${JSON.stringify(failed)}`);
}

function showLife(root: string, agent: Agent): void {
  const timestamp = new Date().toISOString();
  const file = agent.role === 'deacon' ? layout(root).deaconHeartbeatFile : keepaliveFileOf(root, agent);
  const life = agent.role === 'deacon' ? { timestamp, cycle: 1 } : { last_command: 'bench', timestamp };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(life));
}

function must(args: readonly string[], gtFile: string, env: Measured['env']): void {
  const ran = run([process.execPath, gtFile, ...args], env);
  if (ran.status !== 0)
    throw new Error(`gt ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}${ran.stdout}`);
}

function run([file, ...args]: readonly [string, ...string[]], env: Measured['env']) {
  return spawnSync(file, args, { env, encoding: 'utf8' });
}
