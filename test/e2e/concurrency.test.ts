import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginAnew, clockFrom, deeds, killAgent, linesHeard, minutes } from '../rig/faulted.ts';
import { signal } from '../rig/tmux.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

describe('ticks at the same time', () => {
  const base = clockFrom();
  const sessions = ['gt-deacon', 'gt-a-witness'];
  let town: TestTown;
  let started: number[];

  beforeEach(async () => {
    started = [];
    town = await testTown(['a']);
    await beginAnew(town, base, sessions);
    await killAgent(town, 'gt-a-witness');
  });
  afterEach(async () => {
    for (const pid of started) signal(pid, 'SIGKILL');
    await town.close();
  });

  const at = (minute: number) => clockEnv(base, minutes(minute));
  const lockFile = () => join(town.root, 'daemon/tick.lock');
  const startTick = (more: Record<string, string> = {}) => {
    const tick = town.start(['tick', '--force'], { ...at(20), ...more });
    started.push(tick.pid);
    return tick;
  };
  const holder = (): number => {
    const record: { pid: number } = JSON.parse(readFileSync(lockFile(), 'utf8'));
    return record.pid;
  };
  const locked = () => until('a tick to take the lock', () => existsSync(lockFile()) && holder());
  const intentSaved = () =>
    until('the intent to be saved', () =>
      JSON.stringify(town.read('daemon/state.json')).includes('"intent":{'),
    );

  it('are fifty, and one of them works: the others say who, with 75, and wait for nobody (F62, F65)', async () => {
    const ticks = Array.from({ length: 50 }, () => startTick({ GT_FAULT: 'pass.before-intent:1:hang' }));
    const ended: { pid: number; status: number | null; stdout: string; stderr: string }[] = [];
    for (const { pid, ended: end } of ticks) void end.then((how) => ended.push({ pid, ...how }));
    await until('forty-nine to end', () => ended.length >= 49, 60_000);
    const working = holder();
    expect(ended).toHaveLength(49);
    expect(lives(working)).toBe(true);
    expect(ticks.filter(({ pid }) => !ended.some((one) => one.pid === pid)).map(({ pid }) => pid)).toEqual([
      working,
    ]);
    for (const { status, stdout, stderr } of ended) {
      expect([status, stdout]).toEqual([75, '']);
      expect(stderr).toContain(`pid ${working}`);
    }
    // The worker is killed: the very next tick does its work.
    process.kill(working, 'SIGKILL');
    await until('the worker to end', () => !lives(working));
    const next = await town.tick(at(20));
    expect(next.status).toBe(0);
    expect(next.warnings.map(({ code, message }) => [code, message.includes(`pid ${working}`)])).toEqual([
      ['lock-recovered', true],
    ]);
    expect(deeds(next)).toEqual(['nudge:deacon heartbeat-very-stale ok', 'recreate:a/witness pane-dead ok']);
    expect(existsSync(lockFile())).toBe(false);
  });

  it('do not rob one that was stopped, however long ago it began (F63)', async () => {
    const stopped = startTick({ GT_FAULT: 'pass.before-intent:1:delay:700' });
    await locked();
    process.kill(stopped.pid, 'SIGSTOP');
    const aYearOn = clockEnv(base, minutes(366 * 24 * 60));
    const refused = await town.gt(['tick', '--force'], aYearOn);
    expect(refused.status).toBe(75);
    expect(refused.stderr).toContain(`pid ${stopped.pid}`);
    const asJson = await town.gt(['tick', '--force', '--json'], aYearOn);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      ran: false,
      reason: 'busy',
      holder: { pid: stopped.pid },
    });
    expect(holder()).toBe(stopped.pid);
    process.kill(stopped.pid, 'SIGCONT');
    expect((await stopped.ended).status).toBe(0);
    expect(town.paneOf('gt-a-witness').dead).toBe(false);
    expect((await town.tick(at(21))).actions).toEqual([]);
  });

  it('end on SIGTERM before anything was done: saved, released, 143', async () => {
    const told = startTick({ GT_FAULT: 'pass.intent-saved:1:delay:700' });
    await intentSaved();
    process.kill(told.pid, 'SIGTERM');
    const ended = await told.ended;
    expect([ended.status, ended.signal]).toEqual([143, null]);
    expect(town.paneOf('gt-a-witness').dead).toBe(true);
    expect(linesHeard(town, 'gt-deacon')).toEqual([]);
    expect(town.read('daemon/state.json')).toMatchObject({ running: false, intent: null });
    expect(existsSync(lockFile())).toBe(false);
    expect(deeds(await town.tick(at(20)))).toEqual([
      'nudge:deacon heartbeat-very-stale ok',
      'recreate:a/witness pane-dead ok',
    ]);
  });

  it('end on SIGTERM in the middle: the step is finished, the next one not begun, all of it saved (F65)', async () => {
    const told = startTick({ GT_FAULT: 'act.after:1:delay:700' });
    await until('the witness to be started', () => !town.paneOf('gt-a-witness').dead);
    process.kill(told.pid, 'SIGTERM');
    const ended = await told.ended;
    expect([ended.status, ended.signal]).toEqual([143, null]);
    const { pane, pid, dead } = town.paneOf('gt-a-witness');
    expect(dead).toBe(false);
    expect(linesHeard(town, 'gt-deacon')).toEqual([]);
    expect(town.read('daemon/state.json')).toMatchObject({
      running: false,
      intent: null,
      agents: {
        'a/witness': { started: { pane, pane_pid: pid } },
        deacon: { deferrals: { reason: 'time' } },
      },
    });
    expect(existsSync(lockFile())).toBe(false);
    expect(deeds(await town.tick(at(20)))).toEqual(['nudge:deacon heartbeat-very-stale ok']);
  });
});
