import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/persist/lock.ts';
import { layout } from '../../src/town/layout.ts';
import { tmuxShim } from '../rig/shim.ts';
import { type PrivateTmux, privateTmux } from '../rig/tmux.ts';
import { bareTown, gt } from './told.ts';

let server: PrivateTmux;
let town: string;

beforeEach(() => {
  server = privateTmux();
  town = bareTown();
  mkdirSync(`${town}/proj/witness`, { recursive: true });
  writeFileSync(`${town}/mayor/rigs.json`, '{"version":1,"rigs":{"proj":{}}}');
  writeFileSync(`${town}/agent`, '#!/bin/sh\nexec sleep 1000\n');
  chmodSync(`${town}/agent`, 0o755);
  settings({});
});
afterEach(async () => {
  await server.close();
  rmSync(town, { recursive: true, force: true });
});

function settings(tick: object): void {
  const document = {
    type: 'town-settings',
    version: 1,
    default_agent: 'own',
    agents: { own: { command: `${town}/agent`, args: [] } },
    role_agents: {},
    tick: { socket: server.socket, tmux_tmpdir: server.tmpdir, ...tick },
  };
  writeFileSync(`${town}/settings/config.json`, JSON.stringify(document));
}

/** Every file below the town, with its content. */
function tree(): Record<string, string> {
  const paths = readdirSync(town, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const stats = statSync(join(town, path));
      return [path, stats.isFile() ? readFileSync(join(town, path), 'utf8') : 'directory'];
    }),
  );
}

const read = (path: string): string => readFileSync(`${town}/${path}`, 'utf8');
const sessions = async (): Promise<string[]> =>
  (await server.tmux('list-sessions', '-F', '#{session_name}').catch(() => ''))
    .split('\n')
    .filter((name) => name !== '')
    .sort();
const tick = async (...args: string[]) => {
  const told = await gt(town, ['tick', '--json', ...args]);
  return { ...told, report: JSON.parse(told.out) };
};
const plans = (report: { actions: { result: string }[] }) =>
  report.actions.map(({ result: _, ...rest }) => ({ ...rest, evidence: null }));

describe('gt tick', () => {
  it('starts what should run, says so, and is quiet when nothing is wrong', async () => {
    const first = await gt(town, ['tick']);
    expect(first).toEqual({ exit: 0, out: '', err: '' });
    expect(await sessions()).toEqual(['gt-deacon', 'gt-proj-witness']);
    const report = JSON.parse(read('daemon/run.json'));
    expect(report).toMatchObject({ schema: 'gt.tick/1', reason: 'first', exit: 0, agents: { alive: 2 } });
    expect(read('daemon/events.jsonl').trim().split('\n')).toHaveLength(2);
    expect(readdirSync(`${town}/daemon/passes`)).toEqual([`${report.pass}.json`]);
    const second = await tick();
    expect(second).toMatchObject({ exit: 0, report: { ran: false, reason: 'not-due', actions: [] } });
    const { next_due_at, interval_seconds } = report;
    expect(second.report).toMatchObject({ next_due_at, interval_seconds, idle_seconds: null, agents: null });
    await gt(town, ['rig', 'park', 'proj']);
    expect((await tick()).report.idle_seconds).toBeGreaterThanOrEqual(0);
  });

  it('does in earnest what the dry run said, and the dry run writes nothing at all', async () => {
    const before = tree();
    const dry = await tick('--dry-run');
    expect(tree()).toEqual(before);
    expect(await sessions()).toEqual([]);
    const real = await tick();
    expect(dry.report.actions.map(({ result }: { result: string }) => result)).toEqual([
      'planned',
      'planned',
    ]);
    expect(plans(dry.report)).toEqual(plans(real.report));
    const after = tree();
    await gt(town, ['tick', '--dry-run']);
    expect(tree()).toEqual(after);
  });

  it('needs one program when everybody is well', async () => {
    await tick();
    expect((await tick('--force')).report).toMatchObject({ actions: [], subprocesses: 1, exit: 0 });
  });

  it('acts on one agent alone when told to, in any spelling, and leaves the schedule to the others', async () => {
    const { report } = await tick('--only', 'gt-proj-witness');
    expect(report.actions.map(({ agent }: { agent: string }) => agent)).toEqual(['proj/witness']);
    expect(await sessions()).toEqual(['gt-proj-witness']);
    expect(readdirSync(`${town}/daemon`)).not.toContain('due.json');
    expect(await gt(town, ['tick', '--only', 'proj/witnes'])).toMatchObject({
      exit: 64,
      err: expect.stringContaining('Did you mean proj/witness?'),
    });
  });

  it('gives way to a tick at work: 75, who, since when, and how to look', async () => {
    const lock = acquireLock(layout(town).lockFile, { since: '2026-03-01T12:00:00Z' });
    if (lock.kind !== 'held') throw new Error('the lock should be free');
    const told = await gt(town, ['tick']);
    expect(told).toMatchObject({ exit: 75, out: '' });
    expect(told.err).toContain(String(process.pid));
    expect(told.err).toContain('2026-03-01');
    expect(told.err).toContain('next: gt status');
    expect((await tick('--force')).report).toMatchObject({
      reason: 'busy',
      ran: false,
      holder: { pid: process.pid },
    });
    expect((await gt(town, ['tick', '--dry-run'])).exit).toBe(0);
    lock.release();
    expect((await gt(town, ['tick'])).exit).toBe(0);
  });

  it('leaves no lock behind, whatever happens', async () => {
    settings({ every: 'soon' });
    expect((await gt(town, ['tick'])).exit).toBe(78);
    expect(readdirSync(`${town}/daemon`)).not.toContain('tick.lock');
    expect(await sessions()).toEqual([]);
  });

  it('tells trouble once, goes on saying so with its exit status, and is quiet until it changes', async () => {
    writeFileSync(`${town}/agent`, '#!/bin/sh\nexit 3\n');
    const first = await gt(town, ['tick']);
    expect(first.exit).toBe(1);
    expect(first.err).toMatch(/deacon: start failed .*status 3/);
    const second = await gt(town, ['tick', '--force']);
    const third = await gt(town, ['tick', '--force']);
    expect(third).toEqual({ exit: second.exit, out: '', err: '' });
    expect(third.exit).not.toBe(0);
  });

  it('does nothing and says what it lacks when there is no tmux: 69', async () => {
    const told = await gt(town, ['tick'], { env: { PATH: '/nonexistent' } });
    expect(told.exit).toBe(69);
    expect(told.err).toContain('No tmux program was found');
    expect(await sessions()).toEqual([]);
  });

  it('stops before it acts when its intent cannot be saved: 74', async () => {
    const told = await gt(town, ['tick'], { env: { GT_FAULT: 'json.before-write:1:throw:ENOSPC' } });
    expect(told.exit).toBe(74);
    expect(told.err).toContain('no space');
    expect(await sessions()).toEqual([]);
  });

  it('uses up its time: 124, with the state saved and the rest next time (F65)', async () => {
    settings({ budgets: { pass: '1ms' } });
    const { exit, report } = await tick();
    expect(exit).toBe(124);
    expect(report.actions.every(({ result }: { result: string }) => result === 'skipped')).toBe(true);
    expect(report.interval_seconds).toBe(60);
    expect(JSON.parse(read('daemon/state.json'))).toMatchObject({ running: false });
  });

  it('ends for want of a tmux that hangs, not of time, however short the time it has: 69', async () => {
    settings({ budgets: { pass: '6s' } });
    const hung = tmuxShim(join(town, 'hung'), 'exec sleep 60');
    const told = await gt(town, ['tick'], { env: { PATH: `${hung.dir}:/usr/local/bin:/usr/bin:/bin` } });
    expect(told.err).toContain('tmux did not answer within');
    expect(told.exit).toBe(69);
  });

  it('is held when somebody stops the town, and says so in its report', async () => {
    writeFileSync(`${town}/ESTOP`, 'fire drill');
    const { exit, report } = await tick();
    expect(exit).toBe(0);
    expect(report).toMatchObject({ reason: 'held', actions: [], agents: { held: 2 } });
    expect(await sessions()).toEqual([]);
  });
});
