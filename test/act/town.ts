import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { NudgeAction } from '../../src/act/nudge.ts';
import type { SettleAction } from '../../src/act/requests.ts';
import { type StartAction, startAgents } from '../../src/act/start.ts';
import type { World } from '../../src/act/world.ts';
import type { Config, Runtime } from '../../src/model/config.ts';
import { known } from '../../src/model/fact.ts';
import { draftWith } from '../../src/model/message.ts';
import type { RequestDeed } from '../../src/model/plan.ts';
import { openStore } from '../../src/store/open.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { layout } from '../../src/town/layout.ts';
import { defaultConfig } from '../../src/town/settings.ts';
import { privateTmux } from '../rig/tmux.ts';
import { until } from '../rig/until.ts';

let program: string | null = null;

/** The stand-in agent, bundled once per test file. */
export function standInProgram(): string {
  program ??= buildStandIn();
  return program;
}

function buildStandIn(): string {
  const out = mkdtempSync(join(tmpdir(), 'gt-stand-in-'));
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  const rolldown = join(import.meta.dirname, '../../node_modules/.bin/rolldown');
  const entry = join(import.meta.dirname, '../../src/stand-in.ts');
  const args = [
    entry,
    '-d',
    out,
    '-f',
    'cjs',
    '-p',
    'node',
    '--entryFileNames',
    '[name].cjs',
    '--logLevel',
    'warn',
  ];
  execFileSync(rolldown, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env.PATH } });
  return join(out, 'stand-in.cjs');
}

export type StandInTown = ReturnType<typeof standInTown>;

/** A town whose agents are stand-ins, on a tmux server of its own; closed when the test that made it is over. */
export function standInTown(
  options: { readonly crew?: number; readonly program?: string; readonly runtime?: Partial<Runtime> } = {},
) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-act-')));
  const names = Array.from({ length: options.crew ?? 3 }, (_, index) => `w${index}`);
  mkdirSync(join(root, 'daemon'));
  mkdirSync(join(root, 'logs'));
  for (const name of names) mkdirSync(join(root, 'proj/crew', name), { recursive: true });
  mkdirSync(join(root, 'proj/witness'), { recursive: true });
  const tmux = privateTmux();
  const runtime: Runtime = {
    command: process.execPath,
    args: [options.program ?? standInProgram(), '--every', '3600000', '--log-dir', join(root, 'logs')],
    env: {},
    processes: ['stand-in', 'node'],
    prompt: 'argument',
    composer: ['❯'],
    busy: ['esc to interrupt'],
    ...options.runtime,
  };
  const config: Config = {
    defaultAgent: 'stand-in',
    roleAgents: {},
    runtimes: { 'stand-in': runtime },
    tmux: { socket: tmux.socket, tmpdir: tmux.tmpdir },
    path: [],
    tick: {
      ...defaultConfig().tick,
      everyMs: 60_000,
      tiers: [],
      staleMs: 0,
      veryStaleMs: 0,
      newbornMs: 0,
      keep: [],
      childTimeoutMs: 10_000,
      poke: { idle: 'always', strategy: 'fixed', baseMs: 0, capMs: 0, factor: 1, slotMs: 0 },
      budgets: { starts: 50, kills: 0, nudges: 50, passMs: 45_000 },
    },
  };
  const agents = agentsOf([{ name: 'proj', crew: names, polecats: [] }]);
  let clients = 0;
  let typed = 0;
  const client: typeof tmux.client = {
    ...tmux.client,
    call: (args, input) => {
      clients += 1;
      typed += input?.match(/send-keys -t '?%\d+'? -l/g)?.length ?? 0;
      return tmux.client.call(args, input);
    },
  };
  const world: World = {
    layout: layout(root),
    config,
    agents,
    client,
    store: openStore(root, Date.now),
    run: tmux.run,
    onStep: null,
    operatorEnv: tmux.env,
    holdsNow: () => known([]),
    deadline: () => 45_000,
    now: () => performance.now(),
    wall: () => Date.now(),
    pause: async (ms) => void (await pause(ms)),
  };
  const agentOf = (id: string) => {
    const agent = agents.find((candidate) => candidate.id === id);
    if (agent === undefined) throw new Error(`no agent ${id}`);
    return agent;
  };
  const start = (id: string): StartAction => {
    const session = sessionOf(agentOf(id));
    return { kind: 'start', id: `start:${id}`, agent: id, session, why: 'session-absent', evidence: {} };
  };
  const paneOf = async (id: string) => {
    const [pane = '', pid = ''] = (
      await tmux.tmux('display-message', '-p', '-t', `=${sessionOf(agentOf(id))}:`, '#{pane_id} #{pane_pid}')
    ).split(' ');
    return { pane, panePid: Number(pid) };
  };
  const screen = async (id: string) => tmux.tmux('capture-pane', '-p', '-t', `=${sessionOf(agentOf(id))}:`);
  /** Waits for the composer, so that a test does not race the program's start. */
  const ready = async (id: string) =>
    until(`${id} to show its composer`, async () => /^❯/mu.test(await screen(id)));
  /** Starts these agents, and waits for their composers. */
  const begin = async (...ids: readonly string[]) => {
    const outcomes = await startAgents(ids.map(start), world);
    expect(outcomes.filter(({ result }) => result !== 'ok')).toEqual([]);
    for (const id of ids) await ready(id);
  };
  const nudge = async (id: string, text: string, finish = false): Promise<NudgeAction> => {
    const session = sessionOf(agentOf(id));
    return {
      kind: 'nudge',
      id: `nudge:${id}`,
      agent: id,
      session,
      ...(await paneOf(id)),
      text,
      finish,
      why: 'heartbeat-stale',
      evidence: {},
    };
  };
  /** What a pass decides for a request; `place` is where it saw the agent. */
  const settle = (
    id: string,
    deed: RequestDeed,
    message: string,
    place: { readonly pane: string; readonly panePid: number } | null,
  ): SettleAction => ({
    kind: 'settle',
    id: `settle:${id}`,
    agent: id,
    session: sessionOf(agentOf(id)),
    why: `requested-${deed}`,
    evidence: {},
    message,
    sender: id,
    deed,
    resumed: false,
    pane: place?.pane ?? null,
    panePid: place?.panePid ?? null,
    refusal: null,
    flag: null,
  });
  /** Puts a message in a mailbox; its id. */
  const mailed = async (to: string, subject: string): Promise<string> => {
    const sent = await world.store.mail.send(draftWith({ from: 'mayor/', to, subject, body: '' }));
    const [first] = sent.known ? sent.value : [];
    if (first === undefined) throw new Error('the message was not delivered');
    return first.id;
  };
  /** Tells a stand-in something as a person would, and waits until it has heard. */
  const tell = async (id: string, line: string) => {
    const target = `=${sessionOf(agentOf(id))}:`;
    await tmux.tmux('send-keys', '-t', target, '-l', '--', line);
    await tmux.tmux('send-keys', '-t', target, 'Enter');
    await until(`${id} to hear ${line}`, () => heard(id).some((entry) => entry.line === line));
  };
  const heard = (id: string): readonly Readonly<Record<string, unknown>>[] => {
    try {
      return readFileSync(join(root, 'logs', `${sessionOf(agentOf(id))}.log`), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  };
  onTestFinished(async () => {
    await tmux.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root,
    tmux,
    world,
    config,
    runtime,
    start,
    begin,
    nudge,
    settle,
    mailed,
    tell,
    heard,
    ready,
    screen,
    paneOf,
    agentOf,
    clients: () => clients,
    /** How many texts were typed by us so far. */
    typed: () => typed,
  };
}
