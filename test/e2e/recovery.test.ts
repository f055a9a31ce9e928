import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/model/instant.ts';
import { draftWith } from '../../src/model/message.ts';
import { readClock } from '../../src/observe/clock.ts';
import { hooked, storeIn } from '../rig/stored.ts';
import { clockEnv, type Report, serversAt, type TestTown, testTown } from '../rig/town.ts';
import { lives, until } from '../rig/until.ts';

/** What ends badly on a real tmux, and how the town comes out of it: in so many ticks, with one notice, told in its log. */
let town: TestTown;
let clock: Instant;

beforeEach(async () => {
  town = await testTown(['proj'], '', 'default');
  clock = readClock({ env: {} }, { testMarker: '/nonexistent' });
});
afterEach(() => town.close());

const store = () => storeIn(town);
const toast = 'proj/polecats/toast';
const session = 'gt-proj-toast';

/** A polecat's home, and work on its hook since an hour ago. */
async function hookedPolecat(): Promise<string> {
  mkdirSync(join(town.root, 'proj/polecats/toast'), { recursive: true });
  mkdirSync(join(town.root, 'proj/polecats/.git-leftover'), { recursive: true });
  return hooked(town, toast, 3_600_000);
}

/** A pass at so many minutes of false time. */
const at = async (minute: number, args: readonly string[] = []) =>
  town.tick(clockEnv(clock, minute * 60_000), args);
/** What a pass did; deacon and witness are silent stand-ins that are woken now and then. */
const deeds = ({ actions, notices }: Pick<Report, 'actions' | 'notices'>) =>
  [...actions, ...notices]
    .filter(({ why }) => !why.startsWith('heartbeat-'))
    .map(({ id, why, result }) => `${id} ${why} ${result}`);

async function mails(mailbox: string): Promise<readonly string[]> {
  const inbox = await store().mail.inbox(mailbox);
  return inbox.known ? inbox.value.items.map(({ subject }) => subject) : ['unknown'];
}

/** A pid of 0 would mean ourselves and everybody with us. */
function signal(pid: number, name: NodeJS.Signals): void {
  if (!(pid > 1)) throw new Error(`nobody to send ${name} to`);
  process.kill(pid, name);
}

async function kill(name: string): Promise<void> {
  signal(town.paneOf(name).pid, 'SIGKILL');
  await until('tmux to notice', () => town.paneOf(name).dead);
}

const events = () =>
  readFileSync(join(town.root, 'daemon/events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): { kind: string; agent: string | null; text: string } => JSON.parse(line));

const runAs = (args: readonly string[]) =>
  town.settings((all) => {
    const { agents } = all;
    if (typeof agents !== 'object' || agents === null || !('stand-in' in agents))
      throw new Error('no stand-in');
    all.agents = {
      ...agents,
      brief: { command: '/bin/sh', args: ['-c', ...args], process_names: ['sh'], prompt: 'none' },
    };
    all.role_agents = { polecat: 'brief' };
  });

describe('a polecat with work', () => {
  it('that is killed is back after the next tick, its screen and its end kept, and the log tells it', async () => {
    const work = await hookedPolecat();
    // Nobody had looked before: the polecat could still be in the making.
    await at(-6);
    await town.tick();
    expect([...town.livePanes().keys()].sort()).toEqual(['gt-deacon', session, 'gt-proj-witness'].sort());
    await town.ready(session);
    const before = town.paneOf(session);
    await kill(session);
    const report = await at(10);
    expect(deeds(report)).toEqual([`recreate:${toast} crashed-polecat ok`]);
    const after = town.paneOf(session);
    expect(after.pane).toBe(before.pane);
    expect(lives(after.pid)).toBe(true);
    expect(town.read('daemon/screens/proj.polecats.toast.json')).toMatchObject({
      agent: toast,
      screen: expect.stringContaining('❯'),
    });
    const story = events().filter(({ agent }) => agent === toast);
    expect(story.at(-1)?.text).toMatch(/^ok: /);
    expect(JSON.stringify(story.at(-1))).toContain(work);
    expect(deeds(await at(20))).toEqual([]);
    expect(await mails('overseer')).toEqual([]);
  });

  it('that dies at once gets three restarts in ten ticks; its work is parked with one message', async () => {
    const work = await hookedPolecat();
    runAs(['exit 3']);
    const starts: number[] = [];
    for (let minute = 0; minute < 12; minute += 1) {
      const report = await at(minute);
      if (report.actions.some(({ agent }) => agent === toast)) starts.push(minute);
    }
    expect(starts.length).toBeLessThanOrEqual(4);
    expect(await mails('overseer')).toEqual([`ALERT: work ${work} is parked`]);
    expect(
      (await mails('proj/witness')).filter((subject) => subject.startsWith('CRASHED_POLECAT')),
    ).toHaveLength(1);
  });

  it('whose work is closed while it dies is not brought back, and nobody is told', async () => {
    const work = await hookedPolecat();
    await at(-6);
    await town.tick();
    await store().work.close(work, toast, 'done');
    await kill(session);
    expect(deeds(await at(10))).toEqual([]);
    expect(deeds(await at(20))).toEqual([]);
    expect(await mails('overseer')).toEqual([]);
    expect(await mails('proj/witness')).toEqual([]);
  });

  it('is told "Begin." once when its mail arrives, and the mail is settled', async () => {
    await hookedPolecat();
    await at(-6);
    await town.tick();
    await town.ready(session);
    const body = `Session: ${session}\nIssue: x\n`;
    const subject = 'POLECAT_STARTED proj/toast';
    await store().mail.send(draftWith({ from: 'mayor/', to: 'deacon', subject, body }));
    expect((await town.tick()).actions.map(({ why, result }) => `${why} ${result}`)).toEqual(['spawned ok']);
    expect((await town.tick()).actions).toEqual([]);
    expect(town.heard(session).filter(({ line }) => line === 'Begin.')).toHaveLength(1);
    expect(await mails('deacon')).toEqual([]);
  });
});

describe('many at once', () => {
  const rigs = ['a', 'b', 'c', 'd', 'e', 'f'];
  const sessions = ['gt-deacon', 'gt-proj-witness', ...rigs.map((rig) => `gt-${rig}-witness`)];
  beforeEach(async () => {
    for (const rig of rigs) expect((await town.gt(['rig', 'add', rig])).status).toBe(0);
    await at(0);
    await at(1);
    expect(town.livePanes().size).toBe(8);
    await at(2);
  });

  it('F34: six of eight killed are one incident, back after two ticks, one notice in and one out', async () => {
    for (const name of sessions.slice(2)) signal(town.paneOf(name).pid, 'SIGKILL');
    await until('tmux to notice', () => sessions.slice(2).every((name) => town.paneOf(name).dead));
    await at(30);
    expect(town.livePanes().size).toBe(7);
    await at(31);
    expect([...town.livePanes().keys()].sort()).toEqual([...sessions].sort());
    for (const minute of [32, 37, 42]) await at(minute);
    expect([...(await mails('overseer'))].reverse()).toEqual([
      'ALERT: 6 agents died at once',
      'RECOVERED: ALERT: 6 agents died at once',
    ]);
  });

  it('the tmux server killed: a paced cold start in role order, one notice that names the cause', async () => {
    const [server = 0] = serversAt(town.dir);
    signal(server, 'SIGKILL');
    await until('the server to end', () => !lives(server));
    const first = await at(30);
    expect(first.actions.filter(({ kind }) => kind === 'start').map(({ agent }) => agent)).toEqual([
      'deacon',
      'a/witness',
      'b/witness',
      'c/witness',
      'd/witness',
    ]);
    await at(31);
    expect(town.livePanes().size).toBe(8);
    expect(await mails('overseer')).toEqual(['ALERT: 8 agents died at once']);
    const inbox = await store().mail.inbox('overseer');
    expect(inbox.known && inbox.value.items[0]?.body).toContain('their tmux server is gone');
    expect(town.tmux('show-options', '-v', '-t', '=gt-deacon:', '@gt_alert')).toContain('1 alert');
  });

  it('F33: nine hours of nobody looking end nobody and accuse nobody', async () => {
    const before = town.livePanes();
    const slept = clockEnv(clock, 9 * 3_600_000, { awake: clock.awake + 180_000 });
    expect(deeds(await town.tick(slept))).toEqual([]);
    expect(town.livePanes()).toEqual(before);
    expect(await mails('overseer')).toEqual([]);
  });
});

describe('a probe that hangs', () => {
  it('F13: ends nobody and starts nobody: one alert while it lasts, one when it is over', async () => {
    await town.tick();
    const before = town.livePanes();
    const patience = (child_timeout: string) =>
      town.settings((all) => {
        all.tick = { ...(typeof all.tick === 'object' ? all.tick : {}), child_timeout };
      });
    patience('2s');
    const [server = 0] = serversAt(town.dir);
    signal(server, 'SIGSTOP');
    const hung = [await at(10), await at(15)];
    signal(server, 'SIGCONT');
    patience('10s');
    expect(hung.map(deeds)).toEqual([['alert:town-unseen town-unseen ok'], []]);
    expect(hung.map(({ status }) => status)).toEqual([69, 69]);
    await at(20);
    expect(town.livePanes()).toEqual(before);
    expect([...(await mails('overseer'))].reverse()).toEqual([
      'ALERT: the keeper cannot see or act on all of the town',
      'RECOVERED: ALERT: the keeper cannot see or act on all of the town',
    ]);
  });

  it('F12: with no tmux at all, the command gets the notice as JSON, once', async () => {
    await town.tick();
    const out = join(town.dir, 'notices');
    mkdirSync(out);
    const script = join(town.dir, 'notify');
    writeFileSync(script, `#!/bin/sh\n/bin/cat > ${out}/$$.json\n`, { mode: 0o755 });
    town.settings((all) => {
      const tick = typeof all.tick === 'object' ? all.tick : {};
      all.tick = { ...tick, path: [], alerts: { mail: false, command: [script, '--now'] } };
    });
    const bare = join(town.dir, 'bin');
    mkdirSync(bare);
    const without = { ...clockEnv(clock, 600_000), PATH: bare };
    expect((await town.tick(without)).status).toBe(69);
    const [file = ''] = readdirSync(out);
    expect(JSON.parse(readFileSync(join(out, file), 'utf8'))).toMatchObject({
      schema: 'gt.notice/1',
      condition: 'town-unseen',
      notice: 'opened',
      town: town.root,
    });
    await town.tick({ ...clockEnv(clock, 900_000), PATH: bare });
    expect(readdirSync(out)).toHaveLength(1);
  });
});
