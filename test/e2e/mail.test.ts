import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measured } from '../bench/command.ts';
import { instructions } from '../bench/count.ts';
import { gtFile } from '../rig/built-gt.ts';
import { clockFrom, linesHeard } from '../rig/faulted.ts';
import { addCrew, crew, hideMail, inbox, lying, mailed, startCrew } from '../rig/requests.ts';
import { clockEnv, inBeads, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

const lacksValgrind = spawnSync('valgrind', ['--version']).status !== 0;

describe('mail, by the built gt', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    addCrew(town, 'max');
    mkdirSync(join(town.root, 'proj/polecats/toast'), { recursive: true });
  });
  afterAll(() => town.close());

  const mail = (args: readonly string[], env = {}) => town.gt(['mail', ...args], env);

  it('takes the sender from GT_ROLE, and is the overseer without it (vector 6)', async () => {
    const request = [
      'send',
      'deacon/',
      '-s',
      'LIFECYCLE: mayor requesting cycle',
      '-m',
      '{"action":"cycle"}',
    ];
    expect((await mail(request)).status).toBe(0);
    expect((await mail(request, { GT_ROLE: 'mayor' })).stdout).toBe(
      '✓ Message sent to deacon/\n  Subject: LIFECYCLE: mayor requesting cycle\n',
    );
    const messages = await inbox(town, 'deacon/');
    expect(messages.map(({ from }) => from)).toEqual(['mayor/', 'overseer']);
    expect(messages[0]).toMatchObject({
      body: '{"action":"cycle"}',
      read: false,
      type: 'notification',
    });
    expect((await mail(['clear', 'deacon/', '--all'])).status).toBe(0);
  });

  it('says that there is none in every form (vector 7)', async () => {
    const person = { GT_ROLE: 'mayor' };
    const { status, stdout } = await mail(['check'], person);
    expect([status, stdout]).toEqual([1, 'No new mail\n']);
    expect(await mail(['check', '--inject'], person)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    const document = await mail(['check', '--json'], person);
    expect([document.status, JSON.parse(document.stdout)]).toEqual([
      0,
      { address: 'mayor/', has_new: false, unread: 0 },
    ]);
  });

  it('is deleted twice without complaint, and not at all when there is none (vector 12)', async () => {
    await mail(['send', 'mayor', '-s', 'x']);
    const [{ id = '' } = {}] = await inbox(town, 'mayor/');
    for (const _ of [1, 2]) {
      const { status, stdout } = await mail(['delete', id]);
      expect([status, stdout]).toEqual([0, '✓ Message deleted\n']);
    }
    const unknown = await mail(['ack', 'nosuch']);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('message not found: nosuch'),
    ]);
  });

  it('for one worker lands in one box, however it is addressed (vector 13)', async () => {
    for (const address of ['proj/crew/max', 'proj/max', 'proj-crew-max'])
      expect((await mail(['send', address, '-s', `to ${address}`])).status).toBe(0);
    for (const address of ['proj/crew/max', 'proj/max', 'proj/polecats/max'])
      expect(await inbox(town, address), address).toHaveLength(3);
    await mail(['clear', 'proj/max']);
  });

  it('may begin with a dash, have many lines and quotes, and comes back as it was', async () => {
    const body = '- one "two"\n--three \u001b[31m$(four)';
    expect((await mail(['send', 'proj/max', '-s', '-- s', '-m', body])).status).toBe(0);
    const [message] = await inbox(town, 'proj/max');
    expect(message).toMatchObject({ subject: '-- s', body });
    await mail(['clear', 'proj/max']);
  });

  it.each([
    [['send', 'proj/mxa', '-s', 'x'], 1, 'did you mean proj/crew/max'],
    [['send', '-s', 'x'], 64, 'address required (or use --self)'],
    [['send', 'mayor'], 64, 'subject'],
    [['sned', 'mayor'], 64, 'Did you mean gt mail send?'],
    [['inbox', 'nobody'], 1, 'Nobody here is called "nobody"'],
  ])('refuses %j and says what would do', async (args, status, words) => {
    const ended = await mail(args);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toContain(words);
  });

  it('shows somebody at work when it is written, and that an agent lives when it is looked at', async () => {
    const activity = join(town.root, 'daemon/activity.json');
    const keepalive = join(town.root, 'proj/crew/max/.runtime/keepalive.json');
    const worked = readFileSync(activity, 'utf8');
    for (const args of [['inbox'], ['check'], ['check', '--inject'], ['peek']]) {
      await mail(args, crew('max'));
      await mail(args);
    }
    expect(readFileSync(activity, 'utf8')).toBe(worked);
    expect(JSON.parse(readFileSync(keepalive, 'utf8'))).toMatchObject({ last_command: 'gt mail peek' });
    await mail(['send', '--self', '-s', 'x'], crew('max'));
    expect(JSON.parse(readFileSync(activity, 'utf8'))).toMatchObject({
      last_command: 'gt mail send',
    });
    expect(JSON.parse(readFileSync(keepalive, 'utf8'))).toMatchObject({
      last_command: 'gt mail send',
    });
  });

  it('is injected for hooks whatever happens: silence and 0 without a town, a role, a directory', async () => {
    const said = await mail(['check', '--inject', '--identity=proj/max']);
    expect(said.status).toBe(0);
    expect(said.stdout).toMatch(/^<system-reminder>\nYou have 1 unread message\(s\) in your inbox\.\n\n- /);
    const elsewhere = spawnSync(process.execPath, [gtFile, 'mail', 'check', '--inject'], {
      cwd: '/',
      env: {},
      encoding: 'utf8',
    });
    expect([elsewhere.status, elsewhere.stdout, elsewhere.stderr]).toEqual([0, '', '']);
  });

  const skipped = inBeads
    ? ' (SKIPPED: beads are asked by a program of their own)'
    : lacksValgrind
      ? ' (SKIPPED: valgrind is not installed)'
      : '';
  it.skipIf(skipped !== '')(
    `is injected for at most 1.3 times the instructions of node -e 0${skipped}`,
    () => {
      const env = { ...town.env, ...crew('max') };
      const argv = [process.execPath, gtFile, 'mail', 'check', '--inject', '--town', town.root] as const;
      const asked: Measured = { argv, env, exits: [0] };
      const ratio = instructions(asked) / instructions({ ...asked, argv: [process.execPath, '-e', '0'] });
      if (globalThis.process.env.GT_TEST_SAY) console.log(`inject ${ratio.toFixed(3)}`);
      expect(ratio).toBeLessThanOrEqual(1.3);
    },
  );
});

describe('mail to agents that run', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    await startCrew(town, 'max');
    await town.tick();
    await town.ready('gt-deacon', 'gt-proj-witness');
  });
  afterAll(() => town.close());

  const told = /^You have 1 unread message, the newest is \S+\. Run: gt mail inbox$/;

  it.each([
    ['deacon/', 'gt-deacon'],
    ['proj/crew/max', 'gt-proj-crew-max'],
    ['proj/witness', 'gt-proj-witness'],
  ])('tells %s by one line of ours, without a word of the sender', async (address, session) => {
    const ended = await town.gt(['mail', 'send', address, '-s', "it's $(here)", '-m', '`rm`']);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    const lines = linesHeard(town, session);
    expect(lines).toEqual([expect.stringMatching(told)]);
  });

  it('does not when it is asked not to, when nobody is there, or when the keeper takes it', async () => {
    const before = linesHeard(town, 'gt-deacon').length;
    const quietly = await town.gt(['mail', 'send', 'deacon/', '-s', 'x', '--no-notify']);
    const gone = await town.gt(['mail', 'send', 'proj/refinery', '-s', 'x']);
    await town.gt(['mail', 'send', 'deacon/', '-s', 'TIMER: proj/max wake at 2099-01-01T00:00:00Z']);
    expect([quietly.status, quietly.stderr, gone.status, gone.stderr]).toEqual([0, '', 0, '']);
    expect(linesHeard(town, 'gt-deacon')).toHaveLength(before);
  });

  it('warns and does not fail when the reader must not be disturbed', async () => {
    await town.tell('gt-proj-witness', 'draft half a thought');
    const ended = await town.gt(['mail', 'send', 'proj/witness', '-s', 'x']);
    expect(ended.status).toBe(0);
    expect(ended.stderr).toContain('Warning: proj/witness was not told of the mail, which is in its inbox');
    expect(town.screen('gt-proj-witness')).toContain('half a thought');
  });

  it('makes the next minute a heartbeat only when it is a request, and that pass answers nothing else', async () => {
    const tick = ['tick', '--json'];
    // How far beads were looked through is no part of when the next heartbeat is due.
    const due = () => ({ ...Object(town.read('daemon/due.json')), touched: null });
    const notDue = { ran: false, reason: 'not-due' };
    await town.tick();
    const before = due();
    const run = readFileSync(join(town.root, 'daemon/run.json'), 'utf8');
    expect(JSON.parse((await town.gt(tick)).stdout)).toMatchObject(notDue);
    const id = await mailed(town, 'LIFECYCLE: proj/crew/nobody requesting cycle', 'cycle');
    const why = inBeads
      ? 'gt tick has something to look at'
      : 'A heartbeat is due: a lifecycle request waits.\n';
    expect((await town.gt(['due'])).stdout).toContain(why);
    const report = JSON.parse((await town.gt(tick)).stdout);
    expect(report).toMatchObject({ ran: true, reason: 'lifecycle' });
    expect(report.actions).toMatchObject([{ id: `settle:${id}`, why: 'unknown-agent', result: 'ok' }]);
    expect(report.next_due_at).toBe(before.due_at);
    expect(due()).toEqual(before);
    expect(readFileSync(join(town.root, 'daemon/run.json'), 'utf8')).toBe(run);
    expect(JSON.parse((await town.gt(tick)).stdout)).toMatchObject(notDue);
  });

  it('keeps no heartbeat away while it is answered: the tick waits', async () => {
    const slow = town.start(['lifecycle', 'process'], { GT_FAULT: 'lock.taken:1:delay:1500' });
    await until('it to be at work', () => existsSync(join(town.root, 'daemon/tick.lock')));
    expect(await town.tick()).toMatchObject({ ran: true, status: 0 });
    expect((await slow.ended).status).toBe(0);
  });

  it('wakes an agent when its timer has run out, once, and leaves to the deacon what it cannot read', async () => {
    const base = clockFrom();
    const timer = await mailed(town, 'TIMER: proj/crew/max wake at in 20m', '');
    const strange = await mailed(town, 'TIMER: proj/crew/max wake at teatime', '');
    const heard = () => linesHeard(town, 'gt-proj-crew-max').filter((line) => line.startsWith('WAKE'));
    const wakes = async () => (await inbox(town, 'proj/max')).filter(({ subject }) => subject === 'WAKE');
    await town.tick(clockEnv(base, 10 * 60_000));
    expect([heard().length, (await wakes()).length]).toEqual([0, 0]);
    for (const minute of [21, 22, 23]) await town.tick(clockEnv(base, minute * 60_000));
    expect([heard().length, (await wakes()).length]).toEqual([1, 1]);
    expect((await wakes())[0]).toMatchObject({
      from: 'deacon/',
      body: 'Timer fired',
      reply_to: timer,
    });
    expect(lying(town, 'new').some((name) => name.startsWith(strange))).toBe(true);
  });
});

describe('a keeper whose mailbox cannot be listed', () => {
  it('is no reason for a heartbeat every minute', async () => {
    const town = await testTown();
    try {
      hideMail(town);
      await town.tick();
      await until('a pass', () => existsSync(join(town.root, 'daemon/due.json')));
      expect((await town.gt(['due'])).status).toBe(1);
    } finally {
      await town.close();
    }
  });
});
