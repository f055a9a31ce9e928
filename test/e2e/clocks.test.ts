import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/model/instant.ts';
import {
  beginAnew,
  clockFrom,
  composerOf,
  deeds,
  linesHeard,
  minutes,
  stampDeacon,
  stampKeepalive,
} from '../rig/faulted.ts';
import { clockEnv, inBeads, type Report, type TestTown, testTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

const hours = (n: number) => minutes(60 * n);
const longest = hours(1);

describe('a town whose clocks do strange things', () => {
  const base = clockFrom();
  const sessions = ['gt-deacon', 'gt-a-witness'];
  let town: TestTown;
  let heard: number;
  let alive: ReadonlyMap<string, number>;
  beforeAll(async () => {
    town = await testTown(['a']);
  });
  afterAll(() => town.close());
  beforeEach(async () => {
    await beginAnew(town, base, sessions);
    heard = linesHeard(town, 'gt-deacon').length;
    alive = town.livePanes();
  });

  /** What a scheduler calls, in JSON: the gate decides whether a pass runs. */
  async function heartbeat(clock: Readonly<Record<string, string>>): Promise<Report> {
    const ended = await town.gt(['tick', '--json'], clock);
    expect(ended.status, ended.stderr).toBe(0);
    const report: Report = JSON.parse(ended.stdout);
    return report;
  }
  const wallOf = (clock: Readonly<Record<string, string>>): number => {
    const { wall }: Instant = JSON.parse(clock.GT_CLOCK ?? '{}');
    return wall;
  };
  /** A pass that ran, blames nobody, and whose successor is due in good time. */
  function sane(report: Report, clock: Readonly<Record<string, string>>): void {
    expect(report.ran).toBe(true);
    expect(report.actions).toEqual([]);
    const wait = Date.parse(report.next_due_at) - wallOf(clock);
    expect(wait).toBeGreaterThanOrEqual(minutes(1));
    expect(wait).toBeLessThanOrEqual(longest);
    expect(linesHeard(town, 'gt-deacon').length).toBe(heard);
    expect(town.livePanes()).toEqual(alive);
  }

  it('wakes a silent deacon once a slot, for twenty minutes, and each time it answers', async () => {
    const woken: number[] = [];
    for (let minute = 1; minute <= 20; minute += 1) {
      stampKeepalive(town, 'a/witness', base.wall + minutes(minute));
      const clock = clockEnv(base, minutes(minute));
      const report = await heartbeat(clock);
      const nudges = report.actions.filter(({ kind }) => kind === 'nudge');
      expect(report.actions).toEqual(nudges);
      expect(linesHeard(town, 'gt-deacon').length).toBe(heard + woken.length + nudges.length);
      if (nudges.length === 0) continue;
      expect(deeds(report)).toEqual(['nudge:deacon heartbeat-stale ok']);
      woken.push(minute);
      expect(composerOf(town, 'gt-deacon')).toBe('');
      stampDeacon(town, base.wall + minutes(minute));
    }
    expect(woken.length).toBeGreaterThanOrEqual(3);
    for (const [index, minute] of woken.entries()) {
      const silentFor = minute - (woken[index - 1] ?? 0);
      expect(silentFor).toBeGreaterThanOrEqual(5);
      expect(silentFor).toBeLessThanOrEqual(6);
    }
    const said = linesHeard(town, 'gt-deacon').slice(heard);
    expect(said.every((line) => line.startsWith('HEARTBEAT: '))).toBe(true);
    for (const [index, line] of said.entries()) expect(line).not.toBe(said[index - 1]);
  });

  it('blames nobody for a night in which the machine slept, and goes on from there', async () => {
    const evening = minutes(9);
    stampDeacon(town, base.wall + evening);
    stampKeepalive(town, 'a/witness', base.wall + evening);
    expect((await town.tick(clockEnv(base, evening))).actions).toEqual([]);
    const at = (minute: number) =>
      clockEnv(base, evening + minutes(minute), {
        wall: base.wall + evening + hours(9) + minutes(minute),
        uptime: base.uptime + evening + hours(9) + minutes(minute),
      });
    sane(await heartbeat(at(1)), at(1));
    expect((await town.tick(at(3))).actions).toEqual([]);
    // It is awake again, and so is the watch: silence from now on counts.
    expect(deeds(await town.tick(at(6)))).toContain('nudge:deacon heartbeat-stale ok');
  });

  it.each([
    ['set back by an hour', -hours(1)],
    ['set forward by a year', hours(24 * 365)],
    ['set to 1970', -base.wall + minutes(1)],
  ])(
    'comes through a clock that was %s: nobody is blamed, the next pass is due in good time',
    async (_what, step) => {
      const at = (minute: number, wall = 0) =>
        clockEnv(base, minutes(minute), { wall: base.wall + minutes(minute) + wall });
      sane(await town.tick(at(2)), at(2));
      const stepped = at(3, step);
      sane(await heartbeat(stepped), stepped);
      const again = at(4, step);
      const next = await heartbeat(again);
      if (next.ran) sane(next, again);
      // And when somebody puts it right again.
      sane(await heartbeat(at(5)), at(5));
      const status = await town.gt(['status'], at(5));
      expect(status.status).toBe(0);
    },
  );
});

describe('a town after a reboot', () => {
  const base = clockFrom();
  const rigs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(rigs);
  });
  afterAll(() => town.close());

  it('comes back in the order of roles, five at a time, minute by minute, as after the first installation', async () => {
    const order = ['start:deacon', ...rigs.map((rig) => `start:${rig}/witness`)];
    const rises = async (now: Instant) => {
      const first = await town.tick(clockEnv(now, 0));
      expect(first.actions.map(({ id, result }) => `${id} ${result}`)).toEqual(
        order.slice(0, 5).map((id) => `${id} ok`),
      );
      expect(first.warnings.map(({ code }) => code)).toEqual(['budget-reached']);
      expect(Date.parse(first.next_due_at) - now.wall).toBe(minutes(1));
      const second = await town.gt(['tick', '--json'], clockEnv(now, minutes(1)));
      const report: Report = JSON.parse(second.stdout);
      expect(report.actions.map(({ id, result }) => `${id} ${result}`)).toEqual(
        order.slice(5).map((id) => `${id} ok`),
      );
      expect(report.warnings).toEqual([]);
      expect(town.livePanes().size).toBe(9);
      expect((await town.tick(clockEnv(now, minutes(2)))).actions).toEqual([]);
    };
    await rises(base);
    const server = Number(town.tmux('display-message', '-p', '#{pid}'));
    process.kill(server, 'SIGKILL');
    await until('the server to end', () => !lives(server));
    rmSync(`${town.dir}/tmux-${process.getuid?.()}`, { recursive: true });
    await rises({ wall: base.wall + hours(3), awake: 45_000, uptime: 45_000, boot: 'boot-2' });
  });
});

describe('a timer at HH:MM', () => {
  it.skipIf(inBeads)(
    `is by the clock of whoever sent it, whatever that of the tick is${inBeads ? ' (SKIPPED: bd dates mail itself)' : ''}`,
    async () => {
      const town = await testTown([]);
      try {
        const minute = minutes(1);
        const at = Math.floor((Date.now() + hours(2)) / minute) * minute;
        const inKolkata = new Date(at + hours(5.5)).toISOString().slice(11, 16);
        const subject = `TIMER: mayor wake at ${inKolkata}`;
        await town.gt(['mail', 'send', 'deacon/', '-s', subject, '-m', 'tea'], { TZ: 'Asia/Kolkata' });
        for (const zone of ['UTC', 'America/Los_Angeles']) {
          const dry = await town.gt(['tick', '--dry-run', '--json'], { TZ: zone });
          const { notes } = JSON.parse(dry.stdout);
          expect(notes).toContainEqual(
            expect.objectContaining({ agent: 'mayor', rule: 'timer', until: new Date(at).toISOString() }),
          );
        }
      } finally {
        await town.close();
      }
    },
  );
});
