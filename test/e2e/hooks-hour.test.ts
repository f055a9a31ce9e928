import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInFile } from '../rig/built-gt.ts';
import { clockFrom, minutes } from '../rig/faulted.ts';
import { crew, inbox, quiet } from '../rig/requests.ts';
import { clockEnv, type Report, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

const deacon = 'gt-deacon';
const mayor = 'gt-mayor';
const witness = 'gt-proj-witness';
const other = 'gt-side-witness';
const max = 'gt-proj-crew-max';
const nux = 'gt-proj-nux';

/**
 * An hour, a minute at a time, of agents whose hooks are the ones we write, each calling the built `gt` by the name `gt` as
 * a shell finds it: what Claude Code would run, without Claude Code.
 */
describe('a town whose agents run their hooks', () => {
  let town: TestTown;
  const begin = clockFrom();
  let at = 0;
  const passes: Report[] = [];

  beforeAll(async () => {
    town = await testTown(['proj', 'side']);
    for (const dir of ['crew/max', 'polecats/nux'])
      mkdirSync(join(town.root, 'proj', dir), { recursive: true });
    town.settings((all) => {
      const tick = typeof all.tick === 'object' ? all.tick : {};
      all.tick = { ...tick, keep: ['mayor'] };
      all.agents = {
        'stand-in': {
          command: process.execPath,
          args: [standInFile, '--hooks', '--clock', clockFile(), '--log-dir', join(town.dir, 'logs')],
          process_names: ['stand-in'],
          prompt: 'argument',
          composer: ['❯'],
          busy: ['esc to interrupt'],
          hooks: 'claude',
        },
      };
    });
  });
  afterAll(() => town.close());

  const clockFile = () => join(town.dir, 'clock');
  const now = () => clockEnv(begin, minutes(at));
  const gt = async (args: readonly string[], env = {}) => {
    const ended = await town.gt(args, { ...now(), ...env });
    expect([ended.status, ended.stderr], args.join(' ')).toEqual([0, '']);
    return ended.stdout;
  };
  const runs = (session: string) => town.heard(session).filter(({ hook }) => hook !== undefined);
  const births = (session: string) =>
    runs(session).filter((run) => run.hook === 'SessionStart' && run.matched === 'startup');
  /** It was born, and whatever was said to it has been answered. */
  const atRest = (session: string) => {
    const log = town.heard(session);
    const life = log.slice(log.findLastIndex(({ born }) => born !== undefined));
    const count = (key: string, value?: string) =>
      life.filter((entry) => (value === undefined ? entry[key] !== undefined : entry[key] === value)).length;
    return count('matched', 'startup') > 0 && count('line') === count('hook', 'Stop');
  };
  /** Lets minutes pass as cron does, each with its tick; what is said in one is answered before the next. */
  const pass = async (count: number) => {
    for (let minute = 0; minute < count; minute += 1) {
      at += 1;
      writeFileSync(clockFile(), now().GT_CLOCK ?? '');
      const ended = await town.gt(['tick', '--json'], now());
      expect([ended.status, ended.stderr]).toEqual([0, '']);
      const report: Report = JSON.parse(ended.stdout);
      if (report.ran) passes.push(report);
      await allAtRest();
    }
  };
  const allAtRest = async () => {
    for (const session of town.livePanes().keys())
      await until(`${session} to have answered`, () => atRest(session));
  };
  const nudged = (from: number) =>
    passes
      .slice(from)
      .flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'nudge').map(({ agent }) => agent));

  it('starts them, and each is told who it is', async () => {
    writeFileSync(clockFile(), now().GT_CLOCK ?? '');
    await pass(1);
    await gt(['crew', 'start', 'max', '--rig', 'proj']);
    await town.ready(deacon, mayor, witness, other, max);
    await allAtRest();
    const greeting = (session: string) =>
      births(session).map(({ stdout }) => String(stdout).split(' pid:')[0]);
    expect(greeting(deacon)).toEqual(['[GAS TOWN] role:deacon']);
    expect(greeting(mayor)).toEqual(['[GAS TOWN] role:mayor']);
    expect(greeting(witness)).toEqual(['[GAS TOWN] role:proj/witness']);
    expect(greeting(other)).toEqual(['[GAS TOWN] role:side/witness']);
    expect(greeting(max)).toEqual(['[GAS TOWN] role:proj/crew/max']);
  });

  it('takes a prompt for a sign of life: whoever was spoken to is not nudged', async () => {
    await pass(4);
    const before = passes.length;
    await town.tell(other, 'how is it going?');
    await allAtRest();
    expect(town.read('side/witness/.runtime/keepalive.json')).toEqual({
      last_command: 'gt costs record',
      timestamp: new Date(begin.wall + minutes(at)).toISOString(),
      pane: town.paneOf(other).pane,
      tmux_server: expect.any(Number),
    });
    await pass(4);
    expect(nudged(before)).toContain('proj/witness');
    expect(nudged(before)).not.toContain('side/witness');
  });

  it('brings mail into the next prompt, and takes an answered nudge for life', async () => {
    await gt(['mail', 'send', 'proj/witness', '-s', 'the build is red', '-m', 'since noon']);
    await gt(['nudge', 'mayor', 'what is left to do?']);
    await allAtRest();
    const told = (session: string) =>
      runs(session)
        .filter(({ hook, context }) => hook === 'UserPromptSubmit' && Number(context) > 0)
        .map(({ stdout }) => stdout);
    expect(told(witness)).toEqual([expect.stringContaining('from overseer: the build is red')]);
    expect(told(mayor)).toEqual([expect.stringContaining('what is left to do?')]);
    const before = passes.length;
    await pass(3);
    for (const spokenTo of ['proj/witness', 'mayor']) expect(nudged(before)).not.toContain(spokenTo);
  });

  it('starts a polecat for its work, whose briefing names it', async () => {
    await gt(['sling', 'repair the build', 'proj/polecats/nux']);
    for (let minute = 0; minute < 6 && births(nux).length === 0; minute += 1) await pass(1);
    expect(births(nux)[0]).toMatchObject({
      context: expect.any(Number),
      stdout: expect.stringContaining('repair the build'),
    });
    await town.tell(nux, 'run gt done');
    await until('the polecat to have ended its work', () =>
      town.heard(nux).some(({ ran, status }) => ran === 'gt done' && status === 0),
    );
  });

  it('hands off: the successor’s briefing carries the note', async () => {
    await town.tell(max, 'run gt handoff --cycle -m "tests pass, docs are left"');
    await until('a successor', () => births(max).length === 2);
    await quiet(town);
    await until('the successor to rest', () => atRest(max));
    expect(births(max)[1]).toMatchObject({ status: 0 });
    expect((await inbox(town, 'proj/crew/max')).map(({ body }) => body)).toContain(
      'tests pass, docs are left',
    );
    expect(await gt(['prime'], crew('max'))).toContain('tests pass, docs are left');
  });

  it('briefs an agent again after its conversation was compacted', async () => {
    await town.tell(witness, 'compact');
    await allAtRest();
    const compacted = runs(witness).filter(({ matched }) => matched === 'manual' || matched === 'compact');
    expect(compacted.map(({ hook, status }) => [hook, status])).toEqual([
      ['PreCompact', 0],
      ['SessionStart', 0],
    ]);
  });

  it('lives through the rest of the hour without one failed hook', async () => {
    await pass(60 - at);
    const all = [deacon, mayor, witness, other, max, nux].flatMap((session) =>
      town.heard(session).map((entry): Readonly<Record<string, unknown>> => ({ session, ...entry })),
    );
    const hooks = all.filter(({ hook }) => hook !== undefined);
    expect(
      hooks.filter(({ status, failure, stderr }) => status !== 0 || failure !== null || stderr !== ''),
    ).toEqual([]);
    expect(all.filter(({ settings }) => settings !== undefined)).toEqual([]);
    // What is longer is not shown to the agent whole.
    expect(hooks.filter(({ context }) => Number(context) > 10_000)).toEqual([]);
    for (const event of ['SessionStart', 'UserPromptSubmit', 'Stop', 'PreCompact'])
      expect(
        new Set(hooks.filter(({ hook }) => hook === event).map(({ session }) => session)).size,
        event,
      ).toBeGreaterThan(event === 'PreCompact' ? 0 : 5);
    const failed = passes.flatMap(({ actions }) => actions.filter(({ result }) => result === 'failed'));
    expect(failed).toEqual([]);
    const starts = passes.flatMap(({ actions }) =>
      actions.filter(({ kind }) => kind === 'start' || kind === 'recreate'),
    );
    expect(starts.map(({ agent }) => agent).sort()).toEqual([
      'deacon',
      'mayor',
      'proj/polecats/nux',
      'proj/witness',
      'side/witness',
    ]);
  });
});
