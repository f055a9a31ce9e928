import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instant } from '../../src/model/instant.ts';
import { clockEnv, type Report, type TestTown } from './town.ts';
import { until } from './until.ts';

/** Where every false clock of these tests begins. */
export function clockFrom(wall = Date.now()): Instant {
  return { wall, awake: 36_000_000, uptime: 36_000_000, boot: 'boot-1' };
}

export const minutes = (n: number): number => n * 60_000;

/** Writes the deacon's sign of life as it would have written it at this moment. */
export function stampDeacon(town: TestTown, wall: number): void {
  const document = { timestamp: new Date(wall).toISOString(), cycle: 1, last_action: 'rounds' };
  const file = join(town.root, 'deacon/heartbeat.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(document));
}

/** The same for another agent, by its id. */
export function stampKeepalive(town: TestTown, agent: string, wall: number): void {
  const file = join(town.root, agent, '.runtime/keepalive.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ last_command: 'rounds', timestamp: new Date(wall).toISOString() }));
}

/** Ends an agent's process and waits until tmux has seen it. */
export async function killAgent(town: TestTown, session: string): Promise<void> {
  process.kill(town.paneOf(session).pid, 'SIGKILL');
  await until(`tmux to see ${session} end`, () => town.paneOf(session).dead);
}

/** Everything the town remembers is forgotten; everybody lives, was seen at `base`, and the deacon has just stamped. */
export async function beginAnew(town: TestTown, base: Instant, sessions: readonly string[]): Promise<void> {
  const daemon = join(town.root, 'daemon');
  for (const name of readdirSync(daemon))
    if (name !== 'test-town') rmSync(join(daemon, name), { recursive: true });
  for (let saved = 0; saved < 2; saved += 1) await town.tick(clockEnv(base, 0));
  await town.ready(...sessions);
  stampDeacon(town, base.wall);
}

/** What agents were told, as they heard it. */
export function linesHeard(town: TestTown, session: string): readonly string[] {
  return town.heard(session).flatMap(({ line }) => (typeof line === 'string' ? [line] : []));
}

/** The line of the composer, without its mark. */
export function composerOf(town: TestTown, session: string): string | undefined {
  return town
    .screen(session)
    .split('\n')
    .find((line) => line.startsWith('❯'))
    ?.slice(1)
    .trim();
}

/** A state without what differs from run to run: times, process ids, pane ids, counters of passes. */
export function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !passing.has(key))
      .map(([key, inner]) => [key, timeless(inner)]),
  );
}

const passing = new Set([
  'at',
  'awake',
  'pane',
  'pane_pid',
  'server_pid',
  'server_started',
  'pid',
  'generation',
  'checksum',
  'started_at',
  'last_heartbeat',
  'heartbeat_count',
  // Whoever was interrupted may be the more careful, and is billed for what it was seen to do.
  'brake',
  'touched',
  'bill',
  'conditions',
]);

/** What a pass did, one line for each action. */
export function deeds({ actions }: Report): readonly string[] {
  return actions.map(({ id, why, result }) => `${id} ${why} ${result}`);
}
