import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/model/instant.ts';
import { readClock } from '../../src/observe/clock.ts';
import { openStore } from '../../src/store/open.ts';
import { standInFile } from '../rig/built-gt.ts';
import { clockEnv, type Report, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** Agents that live and are of no use, on a real tmux: they are told of, and nobody hurts them. */
let town: TestTown;
let clock: Instant;
beforeEach(async () => {
  town = await testTown(['proj'], '', 'default');
  clock = readClock({ env: {} }, { testMarker: '/nonexistent' });
});
afterEach(() => town.close());

const clockFile = () => join(town.dir, 'clock');
/** A pass at so many minutes of false time, which agents with hooks see too. */
const at = async (minute: number): Promise<Report> => {
  const env = clockEnv(clock, minute * 60_000);
  writeFileSync(clockFile(), env.GT_CLOCK ?? '');
  return town.tick(env);
};
const deeds = ({ actions }: Report, agent: string) =>
  actions
    .filter((action) => action.agent === agent)
    .map(({ kind, why, result }) => `${kind} ${why} ${result}`);
async function mails(
  mailbox: string,
): Promise<readonly { readonly subject: string; readonly body: string }[]> {
  const inbox = await openStore(town.root, Date.now).mail.inbox(mailbox);
  return inbox.known ? [...inbox.value.items].reverse() : [{ subject: 'unknown', body: '' }];
}
const subjects = async (mailbox: string) => (await mails(mailbox)).map(({ subject }) => subject);
const lines = (session: string) => town.heard(session).filter(({ line }) => line !== undefined);

describe('F86: a polecat whose context is full', () => {
  const toast = 'proj/polecats/toast';
  const session = 'gt-proj-toast';

  it('is found, told of once, never typed to; it is over when the banner is gone', async () => {
    town.settings((all) => {
      const { agents } = all;
      if (typeof agents !== 'object' || agents === null || !('stand-in' in agents))
        throw new Error('no stand-in');
      const standIn = agents['stand-in'];
      all.agents = {
        'stand-in': { ...(typeof standIn === 'object' ? standIn : {}), context: ['Context limit reached'] },
      };
    });
    mkdirSync(join(town.root, toast), { recursive: true });
    const before = openStore(town.root, () => Date.now() - 3_600_000);
    const made = await before.work.create({ title: 'a task', description: '', by: 'mayor/', priority: 2 });
    if (!made.known) throw new Error(made.reason);
    await before.work.hook(made.value.id, toast);
    await at(-6);
    await at(0);
    await town.ready(session);
    await town.tell(session, 'full');
    const pid = town.paneOf(session).pid;
    const said = lines(session).length;

    expect(deeds(await at(20), toast)).toEqual(['nudge work-stale skipped']);
    expect(await subjects('overseer')).toEqual([]);
    expect(deeds(await at(21), toast)).toEqual(['nudge context-look skipped']);
    expect(deeds(await at(22), toast)).toEqual([]);
    expect(await subjects('overseer')).toEqual([`ALERT: the context of ${toast} is full`]);
    const [mail] = (await mails('proj/witness')).filter(({ subject }) => subject.startsWith('CONTEXT_FULL'));
    expect(mail?.body).toContain(`gt lifecycle request cycle --agent ${toast}`);
    expect(mail?.body).toContain('screen: Context limit reached');
    expect(mail?.body).toContain(`hook_bead: ${made.value.id}`);
    for (const minute of [33, 90]) await at(minute);
    expect(town.paneOf(session)).toMatchObject({ pid, dead: false });
    expect(town.screen(session)).toContain('❯');
    expect(lines(session)).toHaveLength(said);
    expect(town.heard(session).filter(({ key }) => key !== undefined)).toEqual([]);
    const status = JSON.parse((await town.gt(['status', '--json'], clockEnv(clock, 5_400_000))).stdout);
    expect(JSON.stringify(status)).toContain('"kind":"context"');
    expect((await town.gt(['why', toast], clockEnv(clock, 5_400_000))).stdout).toContain(
      'its context is full',
    );

    await town.tell(session, 'idle');
    const after = lines(session).length;
    expect(deeds(await at(101), toast)).toEqual(['nudge context-look ok']);
    // That look typed nothing; whoever stays silent is called as ever.
    expect(lines(session)).toHaveLength(after);
    await at(102);
    await at(106);
    expect(lines(session).at(-1)).toMatchObject({ line: expect.stringMatching(/^HEALTH_CHECK:/) });
    expect(await subjects('overseer')).toEqual([
      `ALERT: the context of ${toast} is full`,
      `RECOVERED: ALERT: the context of ${toast} is full`,
    ]);
  });
});

describe('F85: a witness that never reports', () => {
  const witness = 'proj/witness';
  const session = 'gt-proj-witness';
  const begin = (...words: readonly string[]) =>
    town.settings((all) => {
      const hooked = (more: readonly string[]) => ({
        command: process.execPath,
        args: [standInFile, '--hooks', '--clock', clockFile(), '--log-dir', join(town.dir, 'logs'), ...more],
        process_names: ['stand-in'],
        prompt: 'argument',
        composer: ['❯'],
        busy: ['esc to interrupt'],
        hooks: 'claude',
      });
      all.agents = { 'stand-in': hooked([]), odd: hooked(words.flatMap((word) => ['--begin', word])) };
      all.role_agents = { witness: 'odd' };
    });
  const allow = () =>
    town.settings((all) => {
      all.tick = { ...(typeof all.tick === 'object' ? all.tick : {}), misprimed: 'restart' };
    });
  const reported = async (minute: number) => {
    await until('the deacon to have reported', () =>
      town.heard('gt-deacon').some(({ hook, status }) => hook === 'Stop' && status === 0),
    );
    return at(minute);
  };

  it('is told of with the command to run, and left as it is; the deacon beside it, which reports, is not', async () => {
    begin('mute');
    await at(0);
    await town.ready(session);
    const { pid } = town.paneOf(session);
    await reported(6);
    for (const minute of [11, 12, 60]) await at(minute);
    expect(town.paneOf(session)).toMatchObject({ pid, dead: false });
    expect(await subjects('overseer')).toEqual([`ALERT: ${witness} runs and has never reported as itself`]);
    expect((await mails('overseer'))[0]?.body).toContain(`gt session restart ${witness}`);
    const now = clockEnv(clock, 3_600_000);
    expect((await town.gt(['why', witness], now)).stdout).toContain(
      'it runs and has never reported as itself',
    );
    expect((await town.gt(['status'], now)).stdout).toContain(`gt session restart ${witness}`);

    // What the notice says helps: a person's fresh start of one that reports.
    begin();
    expect((await town.gt(['session', 'restart', witness], now)).status).toBe(0);
    await until('the witness to have reported', () =>
      town.heard(session).some(({ hook, status }) => hook === 'SessionStart' && status === 0),
    );
    for (const minute of [61, 66]) await at(minute);
    expect((await subjects('overseer')).slice(1)).toEqual([
      `RECOVERED: ALERT: ${witness} runs and has never reported as itself`,
    ]);
  });

  it('that calls itself another is told of by both names', async () => {
    begin('mute', 'run env GT_ROLE=mayor GT_RIG= gt hook');
    await at(0);
    await until('it to have reported as the mayor', () =>
      town.heard(session).some(({ ran }) => ran !== undefined),
    );
    await reported(6);
    for (const minute of [11, 12]) await at(minute);
    expect((await mails('overseer'))[0]?.body).toContain('calls itself mayor');
  });

  it('where the settings allow it gets one fresh start, once, and not with a draft in its composer', async () => {
    begin('mute');
    allow();
    await at(0);
    await town.ready(session);
    const first = town.paneOf(session);
    await reported(6);
    await town.tmux('send-keys', '-t', `=${session}:`, '-l', '--', 'half a thought');
    await until('the draft to stand there', () => town.screen(session).includes('half a thought'));
    expect(deeds(await at(11), witness)).toEqual([]);
    expect(deeds(await at(22), witness)).toEqual(['kill misprimed skipped']);
    expect(town.paneOf(session)).toEqual(first);
    town.tmux('send-keys', '-t', `=${session}:`, ...Array.from({ length: 14 }, () => 'BSpace'));
    await until('the draft to be gone', () => !town.screen(session).includes('half a thought'));
    expect(deeds(await at(23), witness)).toEqual([]);
    expect(deeds(await at(33), witness)).toEqual(['kill misprimed ok']);
    expect(deeds(await at(34), witness)).toEqual(['recreate pane-dead ok']);
    await town.ready(session);
    const second = town.paneOf(session);
    expect(second.pid).not.toBe(first.pid);
    for (const minute of [46, 47, 120]) await at(minute);
    expect(town.paneOf(session)).toEqual(second);
    expect(await subjects('overseer')).toEqual([`ALERT: ${witness} runs and has never reported as itself`]);
  });
});
