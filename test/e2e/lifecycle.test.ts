import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClock } from '../../src/observe/clock.ts';
import { gtFile } from '../rig/built-gt.ts';
import {
  addCrew,
  crew,
  flagsIn,
  inbox,
  keepFromFiling,
  listed,
  lying,
  mailed,
  process,
  quiet,
  raise,
  settledOf,
  startCrew,
} from '../rig/requests.ts';
import { leftInMail } from '../rig/stored.ts';
import { clockEnv, inBeads, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

describe('an agent that hands off', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    addCrew(town, 'max');
    await town.tick();
    await startCrew(town, 'max');
  });
  afterAll(() => town.close());

  it('from inside its pane is replaced there, once, and its successor finds the note', async () => {
    const before = town.paneOf('gt-proj-crew-max');
    await town.tell(
      'gt-proj-crew-max',
      `run ${globalThis.process.execPath} ${gtFile} handoff --cycle -m "tests pass, docs are left"`,
    );
    const after = await until('a successor', () => {
      const pid = town.livePanes().get('gt-proj-crew-max');
      return pid !== undefined && pid !== before.pid ? pid : null;
    });
    expect(town.paneOf('gt-proj-crew-max').pane).toBe(before.pane);
    await quiet(town);
    const [note] = await inbox(town, 'proj/crew/max');
    expect(note).toMatchObject({
      from: 'proj/max',
      subject: '🤝 HANDOFF: Session cycling',
      body: 'tests pass, docs are left',
    });
    const [request] = (await listed(town)).settled;
    expect(request).toMatchObject({
      agent: 'proj/crew/max',
      outcome: 'executed',
    });
    expect(flagsIn(town, 'proj/crew/max')).toEqual({});
    for (let tick = 0; tick < 4; tick += 1)
      expect((await town.tick()).actions.filter(({ kind }) => kind === 'settle')).toEqual([]);
    expect(town.livePanes().get('gt-proj-crew-max')).toBe(after);
  });

  it('is awaited by whoever asks with --wait and no number', async () => {
    const before = town.livePanes().get('gt-proj-crew-max');
    const asked = ['lifecycle', 'request', 'cycle', '--agent', 'proj/crew/max', '--wait', '--json'];
    const { status, stdout } = await town.gt(asked);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'settled', outcome: 'executed' });
    const after = town.livePanes().get('gt-proj-crew-max');
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
  });

  it('inside its own pane by a tick of its own is replaced as well: the tick outlives the pane (F83)', async () => {
    const before = town.livePanes().get('gt-proj-crew-max');
    raise(town, 'proj/crew/max', 'cycle');
    const id = await mailed(town, 'LIFECYCLE: proj-crew-max requesting cycle', '', crew('max'));
    await town.tell('gt-proj-crew-max', `run ${globalThis.process.execPath} ${gtFile} lifecycle process`);
    await until('a successor', () => {
      const pid = town.livePanes().get('gt-proj-crew-max');
      return pid !== undefined && pid !== before;
    });
    await quiet(town);
    expect(await settledOf(town, id)).toMatchObject({ outcome: 'executed' });
    expect(flagsIn(town, 'proj/crew/max')).toEqual({ mine: 1 });
  });

  it('for good stays away until somebody resumes it', async () => {
    const ended = await town.gt(['handoff', '--shutdown', '-m', 'all done'], crew('max'));
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('Agent role: crew\nAction: shutdown\n');
    expect(ended.stdout).toContain(
      '◌ Waiting for retirement...\n(Manager will terminate this session)\n✓ Done',
    );
    expect(town.livePanes().has('gt-proj-crew-max')).toBe(false);
    await quiet(town);
    await town.gt(['lifecycle', 'request', 'restart', '--agent', 'proj/crew/max']);
    const held = await until('a tick that finds the lock free', async () => {
      const report = await town.tick();
      return report.ran ? report : null;
    });
    expect(held.notes).toContainEqual(expect.objectContaining({ agent: 'proj/crew/max', why: 'shutdown' }));
    expect(town.livePanes().has('gt-proj-crew-max')).toBe(false);
    const resumed = await town.gt(['resume', 'proj/max']);
    expect([resumed.status, resumed.stdout]).toEqual([0, expect.stringContaining('no longer held')]);
    expect((await town.gt(process)).status).toBe(0);
    expect(town.livePanes().has('gt-proj-crew-max')).toBe(true);
    await quiet(town);
  });

  it('waits a bounded time, then lowers its flag and takes the request back', async () => {
    writeFileSync(join(town.root, 'ESTOP'), 'inspection');
    try {
      const ended = await town.gt(['handoff', '--wait', '1', '-m', 'never lost'], crew('max'));
      expect(ended.status).toBe(1);
      expect(ended.stdout).toContain('The request was withdrawn.');
      expect(flagsIn(town, 'proj/crew/max')).toEqual({ mine: 1 });
      expect(lying(town, 'new')).toEqual([]);
      const [request] = (await listed(town)).settled;
      expect(request).toMatchObject({ outcome: 'withdrawn' });
      expect((await inbox(town, 'proj/max')).map(({ body }) => body)).toContain('never lost');
    } finally {
      rmSync(join(town.root, 'ESTOP'));
    }
  });

  if (inBeads)
    it('goes on waiting where the store does not answer once', async () => {
      const before = town.livePanes().get('gt-proj-crew-max');
      const looks = () => (town.bd?.calls() ?? []).filter((call) => call.includes(' show ')).length;
      const earlier = looks();
      town.bd?.be('locked', ' show ');
      const waiting = town.start(['handoff', '--wait', '100', '-m', 'a note'], crew('max'));
      await until('it to have looked in vain', () => looks() > earlier + 1);
      town.bd?.be('well');
      await until('its session to be replaced', async () => {
        await town.gt(process);
        return town.livePanes().get('gt-proj-crew-max') !== before;
      });
      expect((await waiting.ended).status).toBe(0);
    });

  it('must be one', async () => {
    const ended = await town.gt(['handoff', '--cycle']);
    expect([ended.status, ended.stdout]).toEqual([64, '']);
    expect(ended.stderr).toContain('Only an agent can hand itself off');
  });
});

describe('a request that must not be carried out', () => {
  let town: TestTown;
  let alive: ReadonlyMap<string, number>;
  beforeAll(async () => {
    town = await testTown(['proj']);
    await startCrew(town, 'max');
    await town.tick();
    await town.ready('gt-deacon', 'gt-proj-witness');
    alive = town.livePanes();
  });
  afterAll(() => town.close());

  const hour = 3_600_000;

  it.each([
    ['seven hours old', 7 * hour, 'too-old'],
    // `bd` dates whatever it is given: there is no such message in beads.
    ...(inBeads ? [] : [['undated', null, 'undated'] as const]),
    ['from the future', -2 * hour, 'from-the-future'],
  ] as const)('because it is %s: nobody is ended, the reason is kept', async (_, ago, why) => {
    raise(town, 'proj/crew/max', 'cycle');
    const subject = 'LIFECYCLE: proj/crew/max requesting cycle';
    const id = await leftInMail(town, { from: 'proj/max', subject, body: '{"action":"cycle"}' }, ago);
    const done = await town.gt(process);
    expect(done.status).toBe(0);
    expect(await settledOf(town, id)).toMatchObject({
      outcome: why,
      reason: expect.stringMatching(/\w/),
    });
    expect(town.livePanes()).toEqual(alive);
  });

  it.each([
    ['garbled', 'LIFECYCLE: whatever', '{"action": cycle}', 'unparseable'],
    [
      'an unknown word',
      'LIFECYCLE: proj/crew/max requesting explosion',
      '{"action":"explode"}',
      'unknown-action',
    ],
    ['for nobody', 'LIFECYCLE: proj/crew/nobody requesting cycle', '{"action":"cycle"}', 'unknown-agent'],
    ["not its sender's to ask", 'LIFECYCLE: mayor requesting cycle', '{"action":"cycle"}', 'not-allowed'],
    [
      'two things at once',
      'LIFECYCLE: proj/crew/max requesting restart',
      '{"action":"cycle"}',
      'contradiction',
    ],
  ])('because it is %s: its sender is told what was wrong', async (_, subject, body, why) => {
    raise(town, 'proj/crew/max', 'cycle');
    const id = await mailed(town, subject, body, crew('max'));
    expect((await town.gt(process)).status).toBe(0);
    expect(await settledOf(town, id)).toMatchObject({ outcome: why });
    const [reply] = await inbox(town, 'proj/max');
    expect(reply).toMatchObject({
      from: 'deacon/',
      reply_to: id,
      subject: expect.stringContaining(id),
    });
    expect(reply?.body).toContain('gt lifecycle request');
    expect(town.livePanes()).toEqual(alive);
  });

  it('because its agent never confirmed it (forged): waited for, then retired', async () => {
    writeFileSync(join(town.root, 'proj/crew/max/state.json'), '{}');
    const id = await mailed(town, 'LIFECYCLE: proj/crew/max requesting shutdown', '', { GT_ROLE: 'mayor' });
    const first = await town.gt([...process, '--json']);
    expect(JSON.parse(first.stdout)).toMatchObject({
      reason: 'lifecycle',
      actions: [],
    });
    expect(JSON.parse(first.stdout).notes).toContainEqual(
      expect.objectContaining({ agent: 'proj/crew/max', why: 'flag-missing' }),
    );
    const listing = await town.gt(['lifecycle', 'list']);
    expect(listing.stdout).toContain('its agent has not confirmed it');
    const clock = readClock({ env: {} }, { testMarker: '/nonexistent' });
    expect((await town.gt(process, clockEnv(clock, 6 * 60_000))).status).toBe(0);
    expect(await settledOf(town, id)).toMatchObject({
      outcome: 'not-confirmed',
    });
    expect(town.livePanes()).toEqual(alive);
  });

  it.each([
    [['cycel'], 64, 'Did you mean cycle?'],
    [['cycle', '--agent', 'proj/crew/mxa'], 64, 'Did you mean proj/crew/max?'],
    [['cycle'], 64, '--agent NAME'],
    [['cycle', '--wait', 'soon'], 64, 'takes a number of seconds'],
  ])('because the command line is wrong: %j', async (args, status, words) => {
    const ended = await town.gt(['lifecycle', 'request', ...args]);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toContain(words);
  });

  it("because it is another agent's: refused at once, no flag is raised", async () => {
    const ended = await town.gt(['lifecycle', 'request', 'shutdown', '--agent', 'proj/witness'], crew('max'));
    expect(ended.status).toBe(77);
    expect(flagsIn(town, 'proj/witness')).not.toHaveProperty('requesting_shutdown');
    expect(lying(town, 'new')).toEqual([]);
    expect(town.livePanes()).toEqual(alive);
  });
});

describe('the same request, readable for five ticks', () => {
  it('because it cannot be filed away: one kill (F04); confirmed once, cycled once (F05)', async () => {
    const town = await testTown(['proj']);
    try {
      await startCrew(town, 'max');
      const before = town.livePanes().get('gt-proj-crew-max');
      const pids = new Set([before]);
      raise(town, 'proj/crew/max', 'cycle');
      const id = await mailed(town, 'LIFECYCLE: proj/crew/max requesting cycle', 'cycle', crew('max'));
      const letFile = keepFromFiling(town);
      for (let tick = 0; tick < 5; tick += 1) {
        await town.gt(process);
        pids.add(town.livePanes().get('gt-proj-crew-max'));
      }
      expect(pids.size).toBe(2);
      expect(pids).not.toContain(undefined);
      letFile();
      await town.gt(process);
      expect(await settledOf(town, id)).toMatchObject({ outcome: 'executed' });
      pids.add(town.livePanes().get('gt-proj-crew-max'));
      expect(pids.size).toBe(2);
    } finally {
      await town.close();
    }
  });
});
