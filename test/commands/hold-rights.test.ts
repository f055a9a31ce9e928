import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
function placed(target: string, kind: string): void {
  const hold = { target, kind, reason: 'stop', by: 'ann', since: '2026-03-01T11:52:00Z', until: null };
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
      expect(said).toContain(`A person runs: ${line}`);
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
    expect(err).toContain("next: gt mail send --human -s 'please resume' -m 'gt resume'");
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
    expect(err).toContain(`A person runs: ${line}\n`);
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
