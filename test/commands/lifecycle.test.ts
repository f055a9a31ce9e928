import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gt, rigTown, type Told } from './told.ts';

let town: string;
beforeEach(() => {
  town = rigTown('witness', 'crew/max', 'polecats/toast');
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const max = { GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max' };
const toast = { GT_ROLE: 'proj/polecats/toast' };
const as = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Told> =>
  gt(town, args, { env, now: () => new Date() });
const state = (dir: string): Record<string, unknown> => {
  const file = join(town, dir, 'state.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};
const inbox = async (address: string): Promise<readonly Record<string, string>[]> =>
  JSON.parse((await as({}, 'mail', 'inbox', address, '--json')).out);

describe('gt lifecycle request', () => {
  it('raises the flag in the file the tick reads, then sends what every reader understands', async () => {
    writeFileSync(join(town, 'proj/crew/max/state.json'), '{"mine":1,"requesting_shutdown":true}');
    const told = await as(max, 'lifecycle', 'request', 'Cycle', '-m', 'full', '--json');
    expect(told).toMatchObject({ exit: 0, err: expect.stringContaining('the next tick does') });
    const document = JSON.parse(told.out);
    expect(document).toMatchObject({ agent: 'proj/crew/max', action: 'cycle', state: 'waiting' });
    expect(state('proj/crew/max')).toEqual({
      mine: 1,
      requesting_cycle: true,
      requesting_time: expect.any(String),
    });
    const [mail] = await inbox('deacon/');
    expect(mail).toMatchObject({
      id: document.id,
      from: 'proj/max',
      subject: 'LIFECYCLE: proj/crew/max requesting cycle',
    });
    expect(JSON.parse(mail?.body ?? '')).toEqual({
      action: 'cycle',
      identity: 'proj/crew/max',
      time: expect.any(String),
      message: 'full',
    });
  });

  it('starts somebody to answer it, who goes on when it ends', async () => {
    const started: (readonly string[])[] = [];
    const startAnother = async (args: readonly string[]) => started.push(args) > 0;
    const told = await gt(town, ['lifecycle', 'request', 'stop'], { env: max, startAnother });
    expect(told).toMatchObject({ exit: 0, err: '' });
    expect(told.out).toMatch(/^✓ Asked for shutdown of proj\/crew\/max, request \S+\.\n$/);
    expect(started).toEqual([['lifecycle', 'process', '--wait', '60', '--town', town]]);
  });

  it('lowers the flag again when the mail cannot be sent', async () => {
    writeFileSync(join(town, 'mail'), 'in the way');
    const told = await as(max, 'lifecycle', 'request', 'restart');
    expect([told.exit > 0, told.out]).toEqual([true, '']);
    expect(state('proj/crew/max')).toEqual({});
  });

  it('is withdrawn, flag and all, when nobody answers in time', async () => {
    const told = await as(max, 'lifecycle', 'request', 'cycle', '--wait', '0.2');
    expect(told).toMatchObject({ exit: 1, out: expect.stringContaining('The request was withdrawn.') });
    expect(state('proj/crew/max')).toEqual({});
    expect(await inbox('deacon/')).toEqual([]);
  });

  it.each([
    ['the mayor', { GT_ROLE: 'mayor' }, 'proj/witness', 0],
    ['a person', {}, 'proj/witness', 0],
    ['a witness, for its polecat', { GT_ROLE: 'proj/witness' }, 'proj/polecats/toast', 0],
    ['a witness, for a worker', { GT_ROLE: 'proj/witness' }, 'proj/crew/max', 77],
    ['a role that nobody has', { GT_ROLE: 'witnes' }, 'proj/crew/max', 77],
    ['a worker, for its witness', max, 'proj-witness', 77],
  ])('by %s is judged as the keeper will judge it', async (_, env, agent, exit) => {
    const told = await as(env, 'lifecycle', 'request', 'cycle', '--agent', agent);
    expect(told.exit).toBe(exit);
    expect(await inbox('deacon/')).toHaveLength(exit === 0 ? 1 : 0);
  });

  it('leaves a state file alone that it cannot understand, and asks for nothing', async () => {
    writeFileSync(join(town, 'proj/crew/max/state.json'), '{"torn":');
    const told = await as(max, 'lifecycle', 'request', 'cycle');
    expect([told.exit, told.out]).toEqual([65, '']);
    expect(readFileSync(join(town, 'proj/crew/max/state.json'), 'utf8')).toBe('{"torn":');
    expect(await inbox('deacon/')).toEqual([]);
  });
});

describe('gt handoff', () => {
  it('leaves its note before it asks, so that it stays when asking fails', async () => {
    writeFileSync(join(town, 'proj/crew/max/state.json'), '{"torn":');
    const told = await as(max, 'handoff', '-s', 'halfway', '-m', '- one\n- two');
    expect(told.exit).toBe(65);
    expect(await inbox('proj/max')).toMatchObject([{ subject: '🤝 HANDOFF: halfway', body: '- one\n- two' }]);
  });

  it('shuts a polecat down and cycles everybody else, unless it is told what to do', async () => {
    const action = async (env: Readonly<Record<string, string>>, ...more: readonly string[]) => {
      const { out } = await as(env, 'handoff', '--wait', '0', ...more);
      return /^Action: (.*)$/m.exec(out)?.[1];
    };
    expect(await action(toast)).toBe('shutdown');
    expect(await inbox('proj/toast')).toEqual([]);
    expect(await action(toast, '--cycle')).toBe('cycle');
    expect(await action(max)).toBe('cycle');
    expect(await action(max, '--restart')).toBe('restart');
    expect(await action({ GT_ROLE: 'deacon' }, '--shutdown')).toBe('shutdown');
  });

  it('with nobody to answer says so and ends with 1', async () => {
    const told = await as(max, 'handoff', '--wait', '0.2', '--json');
    expect(told.exit).toBe(1);
    expect(JSON.parse(told.out)).toMatchObject({ state: 'withdrawn', note: expect.any(String) });
  });
});

describe('gt lifecycle list', () => {
  it('says of each request where it stands and why', async () => {
    expect((await as({}, 'lifecycle', 'list')).out).toBe('Nobody has asked for anything.\n');
    await as(max, 'lifecycle', 'request', 'cycle', '--wait', '0.1');
    await as(max, 'lifecycle', 'request', 'restart');
    await as({}, 'mail', 'send', 'deacon/', '-s', 'LIFECYCLE: \u001b[31mwho?', '-m', '{', '--no-notify');
    const { out } = await as({}, 'lifecycle', 'list');
    expect(out).toMatch(/^Waiting \(2\):\n.*\n.*\n\nSettled \(1\):\n.*withdrawn: nobody/);
    expect(out).not.toContain('\u001b');
    const { waiting, claimed, settled } = JSON.parse((await as({}, 'lifecycle', 'list', '--json')).out);
    expect(waiting).toMatchObject([
      { agent: null, action: null, from: 'overseer', confirmed: null },
      { agent: 'proj/crew/max', action: 'restart', confirmed: true, outcome: null },
    ]);
    expect(claimed).toEqual([]);
    expect(settled).toMatchObject([{ action: 'cycle', outcome: 'withdrawn', by: 'proj/crew/max' }]);
  });
});

describe('gt resume', () => {
  const holds = (...list: readonly object[]): void =>
    writeFileSync(join(town, 'daemon/holds.json'), JSON.stringify({ version: 1, holds: list }));
  const hold = (target: string, kind: string): object => ({
    target,
    kind,
    reason: 'r',
    by: 'ann',
    since: null,
    until: null,
  });
  const left = (): readonly string[] =>
    JSON.parse(readFileSync(join(town, 'daemon/holds.json'), 'utf8')).holds.map(
      ({ target }: { target: string }) => target,
    );

  beforeEach(() => {
    holds(
      hold('proj/crew/max', 'shutdown'),
      hold('proj', 'hold'),
      hold('deacon', 'shutdown'),
      hold('*', 'parked'),
    );
  });

  it.each([
    [['proj/max'], ['proj', 'deacon', '*']],
    [['proj'], ['deacon', '*']],
    [['deacon/'], ['proj/crew/max', 'proj', '*']],
    [[], ['*']],
    [['mayor'], ['proj/crew/max', 'proj', 'deacon', '*']],
  ])('%j ends what holds it, and what it cannot end it names', async (args, rest) => {
    const told = await as({}, 'resume', ...args);
    expect(left()).toEqual(rest);
    expect(told).toMatchObject({
      exit: 1,
      err: "The whole town is still held (parked) by ann: r. To end that: gt rig unpark '*'\n",
    });
  });

  it('refuses a name that nobody has', async () => {
    expect(await as({}, 'resume', 'proj/mxa')).toMatchObject({
      exit: 64,
      err: expect.stringContaining('Did you mean proj/crew/max?'),
    });
  });
});
