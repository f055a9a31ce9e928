import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareTown, gt } from './told.ts';

let town: string;
beforeEach(() => {
  town = bareTown();
  writeFileSync(
    `${town}/mayor/rigs.json`,
    '{"version":1,"rigs":{"proj":{"git_url":"","added_at":"2026-01-01T00:00:00Z"}}}',
  );
  // What gt up would start here is not there, on a server of its own.
  writeFileSync(
    `${town}/settings/config.json`,
    '{"type":"town-settings","version":1,"default_agent":"none","agents":{"none":{"command":"/no/such/agent"}},"tick":{"socket":"gt-test-none"}}',
  );
  for (const dir of ['proj/crew/max', 'proj/polecats/nux', 'proj/witness'])
    mkdirSync(`${town}/${dir}`, { recursive: true });
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const as = (role: string, ...args: readonly string[]) => gt(town, args, { env: { GT_ROLE: role } });
const nux = 'proj/polecats/nux';
const written = () => readFileSync(`${town}/daemon/holds.json`, 'utf8');

/** What a person placed eight minutes ago. */
function placed(target: string, kind: string, until: string | null = null): void {
  const hold = { target, kind, reason: 'stop', by: 'ann', since: '2026-03-01T11:52:00Z', until };
  writeFileSync(`${town}/daemon/holds.json`, JSON.stringify({ version: 1, holds: [hold] }));
}

describe('a hold that a person placed', () => {
  it.each([
    ['*', 'hold', nux, ['resume'], 'the whole town', 'gt resume'],
    ['*', 'hold', 'mayor', ['resume'], 'the whole town', 'gt resume'],
    [nux, 'hold', nux, ['resume', 'proj/nux'], nux, `gt resume ${nux}`],
    [nux, 'shutdown', 'proj/witness', ['resume', 'proj'], nux, `gt resume ${nux}`],
    ['*', 'shutdown', nux, ['up'], 'the whole town', 'gt up'],
    ['*', 'shutdown', 'deacon', ['up', '--json'], 'the whole town', 'gt up'],
    ['proj', 'parked', 'mayor', ['rig', 'unpark', 'proj'], 'proj', 'gt rig unpark proj'],
    ['*', 'hold', 'proj/polecats/gone', ['resume'], 'the whole town', 'gt resume'],
  ])(
    'on %s (%s) outlives %s that runs gt %j, which is told who holds, since when, and what a person runs',
    async (target, kind, role, args, whom, line) => {
      placed(target, kind);
      const before = written();
      const { exit, out, err } = await as(role, ...args);
      expect(exit).toBe(77);
      const said = args.includes('--json') ? JSON.parse(out).error.message : err;
      expect(said).toContain(`${whom} is held (${kind}: stop, by ann, 8 min ago, `);
      expect(said).toContain(`A person runs: env -u GT_ROLE ${line}`);
      expect(written()).toBe(before);
      // A person may; but gt up would start agents.
      if (args[0] === 'up') return;
      expect((await as('overseer', ...args)).exit).toBe(0);
      expect(JSON.parse(written()).holds).toEqual([]);
    },
  );

  it('is mailed about with the command that the refusal names', async () => {
    placed('*', 'hold');
    const { err } = await as(nux, 'resume');
    expect(err).toContain("next: gt mail send --human -s 'please resume' -m 'gt resume'\n");
  });

  it('is mailed about with the town, where that was named, so that the person’s command finds it too', async () => {
    placed('*', 'hold');
    const { err } = await gt('/', ['resume', '--town', town], { env: { GT_ROLE: nux } });
    expect(err).toContain(`A person runs: env -u GT_ROLE gt resume --town ${town}\n`);
    expect(err).toContain(`-m 'gt resume --town ${town}' --town ${town}\n`);
  });

  it.each([
    ['*', 'hold', ['resume']],
    ['proj', 'parked', ['rig', 'unpark', 'proj']],
    ['*', 'shutdown', ['up']],
  ])('on %s (%s) that has ended by itself keeps nobody from gt %j, and goes', async (target, kind, args) => {
    placed(target, kind, '2026-03-01T11:59:00Z');
    expect((await as(nux, ...args)).err).not.toContain('may not end');
    expect(JSON.parse(written()).holds).toEqual([]);
  });

  it('is not said to be ended where its time was up already', async () => {
    placed('*', 'hold', '2026-03-01T11:59:00Z');
    expect(await as(nux, 'resume')).toMatchObject({ exit: 0, out: expect.stringContaining('Nothing that') });
  });
});

describe('an agent', () => {
  it.each([
    [nux, ['hold', '--reason', 'x'], 'the whole town', 'gt hold --reason x'],
    [
      nux,
      ['hold', 'proj/max', '--reason', 'two words'],
      'proj/crew/max',
      "gt hold proj/crew/max --reason 'two words'",
    ],
    [nux, ['rig', 'park', 'proj'], 'proj', 'gt rig park proj'],
    ['deacon', ['hold', 'proj', '--reason', 'x', '--for', '2h'], 'proj', 'gt hold proj --reason x --for 2h'],
    ['deacon', ['down'], 'the whole town', 'gt down'],
  ])('%s that runs %j holds nobody, and is told what a person runs', async (role, args, whom, line) => {
    const { exit, err } = await as(role, ...args);
    expect(exit).toBe(77);
    expect(err).toContain(`${role} may not hold ${whom}.`);
    expect(err).toContain(`A person runs: env -u GT_ROLE ${line}\n`);
    expect(written).toThrow('ENOENT');
  });

  it('holds itself and lets itself go, whatever its environment calls it', async () => {
    const env = { GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max', BD_ACTOR: 'somebody' };
    expect((await gt(town, ['hold', 'proj/max', '--reason', 'thinking'], { env })).exit).toBe(0);
    expect(JSON.parse(written()).holds).toMatchObject([{ target: 'proj/crew/max', by: 'proj/crew/max' }]);
    expect((await gt(town, ['resume', 'proj/max'], { env })).exit).toBe(0);
    expect(JSON.parse(written()).holds).toEqual([]);
  });

  it('that is the mayor holds and parks others, and ends that again', async () => {
    for (const [args, end] of [
      [['hold', '--reason', 'x'], ['resume']],
      [
        ['hold', 'proj', '--reason', 'x'],
        ['resume', 'proj'],
      ],
      [
        ['rig', 'park', 'proj'],
        ['rig', 'unpark', 'proj'],
      ],
    ] as const) {
      expect((await as('mayor', ...args)).exit, args.join(' ')).toBe(0);
      expect((await as(nux, ...end)).exit, end.join(' ')).toBe(77);
      expect((await as('mayor', ...end)).exit, end.join(' ')).toBe(0);
    }
  });

  it('that may end none of several holds ends none of them, not even its own', async () => {
    await as('mayor', 'hold', 'proj', '--reason', 'mine');
    await gt(town, ['hold', 'proj/max', '--reason', 'ann’s']);
    expect((await as('mayor', 'resume', 'proj')).exit).toBe(77);
    expect(JSON.parse(written()).holds).toHaveLength(2);
    expect((await gt(town, ['resume', 'proj'])).exit).toBe(0);
  });
});

describe('whoever is called by no name of this town’s', () => {
  const stranger = { GT_ROLE: 'garbage', USER: 'ann' };

  it('starts nobody whom a person stopped, and is no person there', async () => {
    placed('proj/witness', 'shutdown');
    const before = written();
    for (const verb of ['start', 'restart']) {
      const { exit, err } = await gt(town, ['witness', verb, 'proj'], { env: stranger });
      expect(exit, verb).toBe(77);
      if (verb === 'start') expect(err).toContain('what a person stopped a person starts');
    }
    expect(written()).toBe(before);
  });

  it('ends nobody, and is told how a person orders', async () => {
    const { exit, err } = await gt(town, ['witness', 'stop', 'proj'], { env: stranger });
    expect(exit).toBe(77);
    expect(err).toContain('GT_ROLE is "garbage", which is no agent of this town: it may not end anybody.');
    expect(err).toContain('next: env -u GT_ROLE gt status\n');
    expect(written).toThrow('ENOENT');
  });
});

describe('an agent of another town', () => {
  let other: string;
  beforeEach(() => {
    other = bareTown();
  });
  afterEach(() => rmSync(other, { recursive: true, force: true }));

  it.each(['GT_TOWN_ROOT', 'GT_ROOT'])('(by %s) has no rights in this one', async (variable) => {
    const env = { GT_ROLE: 'mayor', [variable]: other };
    for (const args of [
      ['hold', '--reason', 'x'],
      ['witness', 'stop', 'proj'],
      ['reset', 'proj/witness'],
      ['lifecycle', 'request', 'restart', '--agent', 'proj/witness'],
    ]) {
      const { exit, err } = await gt('/', [...args, '--town', town], { env });
      expect(exit, args.join(' ')).toBe(77);
      expect(err).toMatch(/GT_ROLE is "mayor", which (?:is|names) no agent of this town/);
    }
    expect(written).toThrow('ENOENT');
    expect((await gt('/', ['hold', '--reason', 'x'], { env })).exit).toBe(0);
  });

  it('is none whose root leads here over a link, or to no town', async () => {
    symlinkSync(town, `${other}/here`);
    for (const root of [`${other}/here`, `${other}/gone`]) {
      const env = { GT_ROLE: 'mayor', GT_TOWN_ROOT: root };
      expect((await gt(town, ['hold', '--town', town, '--reason', 'x'], { env })).exit, root).toBe(0);
      expect(JSON.parse(written()).holds).toMatchObject([{ target: '*', by: 'mayor' }]);
    }
  });
});

describe('the name in a stop', () => {
  const stop = async (env: Record<string, string>) => {
    expect((await gt(town, ['witness', 'stop', 'proj'], { env })).exit).toBe(0);
    return JSON.parse(written()).holds.at(-1).by;
  };

  it('is an agent’s id, however its environment calls it', async () => {
    expect(await stop({ GT_ROLE: 'witness', GT_RIG: 'proj', USER: 'ann' })).toBe('proj/witness');
  });

  it('is the person’s own also in the shell of an agent', async () => {
    expect(await stop({ BD_ACTOR: 'proj/witness', USER: 'ann' })).toBe('ann');
  });
});

describe('gt resume', () => {
  it('under ESTOP names the whole town and the command that ends that', async () => {
    writeFileSync(`${town}/ESTOP`, 'the house burns\n');
    await gt(town, ['hold', '--reason', 'mine']);
    const { exit, out, err } = await gt(town, ['resume']);
    expect(exit).toBe(1);
    expect(out).toMatch(/^✓ The whole town is no longer held \(hold: mine, by ann, /);
    expect(err).toBe(
      `The whole town is still held (estop) by ${town}/ESTOP: the house burns. To end that: rm ${town}/ESTOP\n`,
    );
  });
});
