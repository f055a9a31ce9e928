import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { placeOf, worst } from '../../src/commands/tick/tick-towns.ts';
import { effects } from '../bench/count.ts';
import { gtFile, startGt } from '../rig/built-gt.ts';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

const withoutStrace = spawnSync('strace', ['--version']).status !== 0;
const unlessStrace = withoutStrace ? ' (SKIPPED: strace is not installed)' : '';

describe('gt tick --all', () => {
  let town: TestTown;
  let second: string;
  beforeAll(async () => {
    town = await testTown();
    second = join(town.dir, 'second town');
    const { status } = await startGt(['install', second, '--socket', 'gt-second'], town.env).ended;
    expect(status).toBe(0);
    const settings = JSON.parse(readFileSync(join(town.root, 'settings/config.json'), 'utf8'));
    settings.tick.socket = 'gt-second';
    writeFileSync(join(second, 'settings/config.json'), JSON.stringify(settings));
    rmSync(join(town.root, 'daemon/test-town'));
  });
  afterAll(() => town.close());

  const all = (args: readonly string[] = [], more = {}) =>
    startGt(['tick', '--all', ...args], { ...town.env, ...more }).ended;
  const becomeDue = () => {
    for (const root of [town.root, second]) rmSync(join(root, 'daemon/due.json'), { force: true });
  };
  const passAt = (root: string) =>
    statSync(join(root, 'daemon/run.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

  it('starts every town that the user installed, and says nothing when all went well', async () => {
    expect(await all()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(passAt(town.root)).toBeGreaterThan(0);
    expect(passAt(second)).toBeGreaterThan(0);
    for (const socket of ['gt-test', 'gt-second'])
      expect(spawnSync('tmux', ['-L', socket, 'ls'], { env: town.env, encoding: 'utf8' }).stdout).toContain(
        'gt-deacon',
      );
  });

  it.skipIf(withoutStrace)(
    `asks the gates alone when nothing is due: one Node, no program, nothing written${unlessStrace}`,
    async () => {
      const before = [passAt(town.root), passAt(second)];
      const quiet = { argv: [process.execPath, gtFile, 'tick', '--all'] as const, env: town.env, exits: [0] };
      expect(effects(quiet, town.dir)).toEqual({ subprocesses: 0, bytesWritten: 0, syncs: 0 });
      expect([passAt(town.root), passAt(second)]).toEqual(before);
    },
  );

  it('gives one document that tells of each town', async () => {
    const { status, stdout } = await all(['--json', '--force']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'gt.tick-all/1',
      exit: 0,
      towns: [
        {
          town: town.root,
          exit: 0,
          report: { schema: 'gt.tick/1', ran: true, reason: 'forced' },
          error: null,
        },
        { town: second, exit: 0, report: { schema: 'gt.tick/1', ran: true }, error: null },
      ],
    });
    const quiet = JSON.parse((await all(['--json'])).stdout);
    expect(quiet.towns).toMatchObject([{ report: { reason: 'not-due' } }, { report: { reason: 'not-due' } }]);
  });

  it('lets no town’s trouble stop another, names the town, and ends with the worst status', async () => {
    const file = join(second, 'settings/config.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, '{ torn');
    becomeDue();
    const before = passAt(town.root);
    const { status, stdout, stderr } = await all();
    writeFileSync(file, good);
    expect({ status, stdout }).toEqual({ status: 78, stdout: '' });
    expect(stderr).toContain(`gt: ${second}: `);
    expect(stderr).toContain(`gt config validate --town '${second}'`);
    expect(passAt(town.root)).toBeGreaterThan(before);
  });

  it('waits for no town that hangs before the others have had their pass', async () => {
    const marker = join(second, 'daemon/test-town');
    writeFileSync(marker, '');
    becomeDue();
    const before = passAt(town.root);
    const running = startGt(['tick', '--all'], { ...town.env, GT_FAULT: 'pass.acted:1:hang' });
    await until('the other town to have its pass', () => passAt(town.root) > before, 30_000);
    const lock = join(second, 'daemon/tick.lock');
    const { pid }: { pid: number } = JSON.parse(
      await until('the hanging pass to hold its lock', () => existsSync(lock) && readFileSync(lock, 'utf8')),
    );
    process.kill(pid, 'SIGKILL');
    const { status, stderr } = await running.ended;
    rmSync(marker);
    await all();
    expect(status).toBe(1);
    expect(stderr).toContain(`gt: ${second}: The tick was ended by SIGKILL.`);
  });

  it('passes over a town that is away, says so once, and goes on when it is back', async () => {
    const away = `${second} away`;
    renameSync(second, away);
    const first = await all();
    const again = await all();
    renameSync(away, second);
    expect(first).toMatchObject({ status: 78, stdout: '', stderr: expect.stringContaining(second) });
    expect(again).toMatchObject({ status: 78, stdout: '', stderr: '' });
    expect(await all()).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(town.dir, '.local/state/gt/towns.json'), 'utf8')).towns).toHaveLength(
      2,
    );
  });

  it('plans for all with --dry-run and writes nothing', async () => {
    const before = town.files();
    const { status, stdout } = await all(['--dry-run']);
    expect(status).toBe(0);
    for (const root of [town.root, second]) expect(stdout).toContain(`${root}:\n`);
    expect(town.files()).toEqual(before);
  });

  it('refuses to be for all and for one, and says when there is none at all', async () => {
    expect(await all(['--town', second])).toMatchObject({ status: 64 });
    expect(await all(['--only', 'deacon'])).toMatchObject({ status: 64 });
    expect(await all([], { XDG_STATE_HOME: '/nonexistent' })).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('No town is listed'),
    });
  });
});

describe('of several towns', () => {
  it('the worst exit status counts, and an unknown one is the worst', () => {
    expect(worst([])).toBe(0);
    expect(worst([0, 75, 0])).toBe(75);
    expect(worst([75, 1, 0])).toBe(1);
    expect(worst([1, 74, 78])).toBe(74);
    expect(worst([70, 139, 1])).toBe(139);
  });

  it('the order that --help gives is the one that counts', () => {
    const all = commands.find(({ usage }) => usage === 'tick')?.options?.all?.describe ?? '';
    const order = [...all.matchAll(/\d+/g)].map(([status]) => Number(status));
    expect(order).toHaveLength(12);
    for (const [index, status] of order.entries())
      expect(worst([status, ...order.slice(0, index)].toReversed()), `${status}`).toBe(status);
    expect(worst([...order, 139])).toBe(139);
    expect(all).toContain('any other');
  });

  it('each has its own place among the starts, always the same, spread over the whole span', () => {
    const places = Array.from({ length: 200 }, (_, index) => placeOf(`/home/u/town${index}`));
    expect(placeOf('/home/u/town7')).toBe(places[7]);
    for (const part of [0, 0.25, 0.5, 0.75])
      expect(places.filter((place) => place >= part && place < part + 0.25).length).toBeGreaterThan(20);
  });
});
