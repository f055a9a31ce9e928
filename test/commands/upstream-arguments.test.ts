import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gt, rigTown, type Told } from './told.ts';

let town: string;
beforeEach(() => {
  town = rigTown('witness', 'refinery/rig', 'crew/max', 'polecats/toast');
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const as = (role: string, args: readonly string[]): Promise<Told> =>
  gt(town, args, { env: { GT_ROLE: role } });
const deacon = (...args: string[]): Promise<Told> => as('deacon', args);

async function json(told: Promise<Told>): Promise<Record<string, unknown>> {
  const { out } = await told;
  return JSON.parse(out);
}

const inbox = async (whose: string): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse((await gt(town, ['mail', 'inbox', whose, '--json'])).out);

describe('what upstream’s prompts and hooks say, and means the same here', () => {
  it('gt doctor -v --rig R examines the town, and refuses a project that is not there', async () => {
    const { exit, out } = await gt(town, ['doctor', '-v', '--rig', 'proj']);
    expect([0, 1]).toContain(exit);
    expect(out).toContain('settings');
    expect(await gt(town, ['doctor', '--rig', 'nope'])).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/^Error: rig 'nope' not found/),
    });
  });

  it('gt status --fast tells what gt status tells', async () => {
    const [fast, whole] = [
      await json(gt(town, ['status', '--fast', '--json'])),
      await json(gt(town, ['status', '--json'])),
    ];
    expect(Object.keys(fast)).toEqual(Object.keys(whole));
    expect(fast).toMatchObject({ name: whole.name, summary: whole.summary, health: whole.health });
  });

  it('gt handoff -n -c -w says what would be asked for, and asks for nothing', async () => {
    const said = await as('proj/crew/max', ['handoff', '-n', '-c', '-w', '-m', 'note']);
    expect(said).toMatchObject({ exit: 0, err: '' });
    expect(said.out).toContain(
      'Would leave a note where there is one to leave, and ask for cycle of proj/crew/max',
    );
    const plan = await json(as('proj/polecats/toast', ['handoff', '--dry-run', '--json']));
    expect(plan).toEqual({ schema: 'gt.handoff-plan/1', agent: 'proj/polecats/toast', action: 'shutdown' });
    expect(await inbox('proj/max')).toEqual([]);
    expect(await json(gt(town, ['lifecycle', 'list', '--json']))).toMatchObject({ waiting: [], settled: [] });
  });

  it('gt hook WORK -s -m leaves a note in the agent’s own inbox; -n leaves none', async () => {
    await as('proj/crew/max', ['hook', '-n', 'mend the build', '-m', 'x']);
    expect(await inbox('proj/max')).toEqual([]);
    const said = await as('proj/crew/max', [
      'hook',
      'mend the build',
      '-s',
      'the build',
      '-m',
      'red since noon',
    ]);
    expect(said.exit).toBe(0);
    const [note, ...others] = await inbox('proj/max');
    expect(others).toEqual([]);
    expect(note).toMatchObject({ subject: '🤝 HANDOFF: the build', body: 'red since noon' });
    expect(said.out).toContain(`📬 Left a handoff note in your inbox: ${note?.id}\n`);
    const again = await json(as('proj/crew/max', ['hook', 'mend it once more', '-f', '--json']));
    expect(again).toMatchObject({ schema: 'gt.hook/1', hooked: true, note: null });
  });

  it.each([
    [['--exit'], 'COMPLETED'],
    [['--exit', 'DEFERRED'], 'DEFERRED'],
    [['--status', 'DEFERRED', '--exit'], 'DEFERRED'],
  ])('gt done %j ends the work %s and asks for the end of the session', async (more, exit) => {
    await as('proj/polecats/toast', ['hook', 'mend the build']);
    expect(await json(as('proj/polecats/toast', ['done', '--json', ...more]))).toMatchObject({ exit });
    expect(await json(gt(town, ['lifecycle', 'list', '--json']))).toMatchObject({
      waiting: [{ agent: 'proj/polecats/toast', action: 'shutdown' }],
    });
  });

  it('gt done alone asks for no end', async () => {
    await as('proj/polecats/toast', ['hook', 'mend the build']);
    expect((await as('proj/polecats/toast', ['done'])).exit).toBe(0);
    expect(await json(gt(town, ['lifecycle', 'list', '--json']))).toMatchObject({ waiting: [] });
  });

  it('gt crew stop and restart --dry-run name whom they would concern', async () => {
    expect(await gt(town, ['crew', 'stop', 'proj/max', '--dry-run', '--force'])).toEqual({
      exit: 0,
      out: 'Would stop proj/max\n',
      err: '',
    });
    expect(await json(gt(town, ['crew', 'restart', '--all', '--dry-run', '--json']))).toEqual({
      schema: 'gt.crew-restart-plan/1',
      town,
      agents: ['proj/crew/max'],
    });
  });

  it('gt crew at --no-tmux prints the directory of the workspace', async () => {
    expect((await gt(town, ['crew', 'at', 'max', '--rig', 'proj', '--no-tmux'])).out).toBe(
      `${town}/proj/crew/max\n`,
    );
  });

  it('gt install --force completes what is there; --name names a new town and no old one', async () => {
    rmSync(join(town, 'mayor/rigs.json'));
    expect((await gt('/', ['install', town, '--force'])).exit).toBe(0);
    const other = await gt('/', ['install', town, '--name', 'two', '--json']);
    expect(other.exit).toBe(1);
    expect(other.err).toContain(`${town}/mayor/town.json was there and is unchanged`);
    expect(JSON.parse(other.out)).toMatchObject({ not_applied: ['name'] });
    rmSync(join(town, 'mayor/town.json'));
    expect((await gt('/', ['install', town, '--name', 'two'])).exit).toBe(0);
    expect(JSON.parse(readFileSync(join(town, 'mayor/town.json'), 'utf8'))).toMatchObject({ name: 'two' });
    expect((await gt('/', ['install', town, '--name', 'a\nb'])).exit).toBe(64);
  });

  it('gt mail send takes what upstream took for something else, and says so', async () => {
    const said = await deacon('mail', 'send', 'mayor', '-s', 'x', '--type', 'weird', '--priority', '9');
    expect(said.exit).toBe(0);
    expect(said.err).toBe(
      '⚠ Warning: there is no priority 9: taken for normal.\n' +
        '⚠ Warning: the type "weird" is none of task, scavenge, notification and reply: taken for notification.\n',
    );
    expect(await inbox('mayor')).toMatchObject([{ priority: 'normal', type: 'notification' }]);
    expect((await deacon('mail', 'send', 'mayor', '-s', 'x', '--type', 'task')).err).toBe('');
  });

  it('gt mail send list:X reaches everybody of the list once, lists in lists too', async () => {
    mkdirSync(join(town, 'config'));
    const lists = { all: ['mayor/', 'proj/witness', 'list:rest'], rest: ['list:all', 'mayor'], none: [] };
    writeFileSync(
      join(town, 'config/messaging.json'),
      JSON.stringify({ type: 'messaging', version: 1, lists }),
    );
    const said = await deacon('mail', 'send', 'list:all', '-s', 'x');
    expect(said).toEqual({
      exit: 0,
      out: '✓ Message sent to list:all\n  Subject: x\n  Recipients: mayor/, proj/witness\n',
      err: '',
    });
    for (const whose of ['mayor', 'proj/witness']) expect(await inbox(whose)).toHaveLength(1);
    for (const [address, words] of [
      ['list:nope', 'There is no list "nope" in '],
      ['list:none', 'no recipients found for list: none'],
      ['queue:q', 'There are no queues here'],
      ['announce:a', 'There are no announcements here'],
    ] as const)
      expect(await deacon('mail', 'send', address, '-s', 'x'), address).toMatchObject({
        exit: 1,
        err: expect.stringContaining(words),
      });
  });
});

describe('what upstream has and this gt has not', () => {
  it.each([
    [['witness', 'start', 'proj', '--foreground'], 'gt witness attach'],
    [['refinery', 'start', 'proj', '--foreground'], 'gt refinery attach'],
    [['crew', 'start', 'max', '--account', 'one'], 'CLAUDE_CONFIG_DIR'],
    [['crew', 'at', 'max', '--account=one'], 'CLAUDE_CONFIG_DIR'],
    [['down', '-a'], 'gt down alone'],
    [['down', '--all'], 'gt down alone'],
    [['done', '-p'], 'gt done --status DEFERRED'],
    [['done', '--phase-complete', '--gate', 'x'], 'gt done --status DEFERRED'],
    [['install', '--git'], 'git init'],
    [['install', '--no-beads'], '--store beads'],
  ])('%j is refused with what to do instead', async (args, instead) => {
    const option = args.find((arg) => arg.startsWith('-'))?.split('=')[0];
    const { exit, err } = await gt(town, args);
    expect(err).toContain(`There is no option ${option} here: `);
    expect(err).toContain(instead);
    expect(exit).toBe(64);
  });
});
