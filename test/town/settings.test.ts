import { mkdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/exit.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';
import { runtimeFor } from '../../src/town/runtime-for.ts';
import { presets } from '../../src/town/runtime-presets.ts';
import { defaultConfig, loadConfig, readConfig } from '../../src/town/settings.ts';
import { describeProblem } from '../../src/town/settings-problem.ts';
import { townWith } from './scratch.ts';

const file = 'settings/config.json';

/** What is wrong with these settings, without the file's name. */
function problems(settings: unknown): readonly string[] {
  const town = townWith({ [file]: settings });
  return readConfig(town).problems.map((problem) => describeProblem(problem).replace(town.settingsFile, 'F'));
}

function tick(settings: unknown): readonly string[] {
  return problems({ tick: settings });
}

// Hundreds of towns on disk on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

describe('settings', () => {
  it('have a default for everything (design: numbers)', () => {
    const { config } = loadConfig(townWith());
    expect(config).toEqual({ ...defaultConfig(), rigs: {} });
    expect(config.tick).toMatchObject({
      everyMs: 60_000,
      staleMs: 300_000,
      veryStaleMs: 900_000,
      poke: { idle: 'when-needed', baseMs: 300_000, capMs: 1_800_000, factor: 1.5, slotMs: 300_000 },
      budgets: { starts: 5, kills: 3, nudges: 20, passMs: 45_000 },
    });
    expect(
      config.tick.tiers.map(({ belowMs, intervalMs }) =>
        [belowMs, intervalMs].map((ms) => ms && ms / 60_000),
      ),
    ).toEqual([
      [5, 5],
      [15, 10],
      [45, 30],
      [null, 60],
    ]);
  });

  it('F79: limit the machine’s load and memory, unless they are put off', () => {
    const machine = (written: object) =>
      loadConfig(townWith({ [file]: { tick: { machine: written } } })).config.tick.machine;
    expect(defaultConfig().tick.machine).toEqual({ maxLoadPerCpu: 32, minFreeMemory: 128 * 1024 ** 2 });
    expect(machine({ max_load_per_cpu: 1.5, min_free_memory: '2GB' })).toEqual({
      maxLoadPerCpu: 1.5,
      minFreeMemory: 2 * 1024 ** 3,
    });
    expect(machine({ max_load_per_cpu: 'off', min_free_memory: 'off' })).toEqual({
      maxLoadPerCpu: null,
      minFreeMemory: null,
    });
  });

  it('let an agent run without asking only where the operator wrote so', () => {
    const flagged = (config = defaultConfig()) =>
      JSON.stringify(runtimeFor(config, townAgent('deacon'))).includes('--dangerously');
    expect(flagged()).toBe(false);
    expect(flagged(loadConfig(townWith({ [file]: { default_agent: 'claude' } })).config)).toBe(true);
    const bare = { default_agent: 'claude', agents: { claude: { args: [] } } };
    expect(flagged(loadConfig(townWith({ [file]: bare })).config)).toBe(false);
  });

  it('take what is written and leave the rest', () => {
    const settings = {
      type: 'town-settings',
      version: 1,
      tick: {
        poke: { base: '1m', idle: 'always' },
        keep: ['mayor', 'mayor'],
        socket: 's',
        path: ['/opt/bin'],
      },
    };
    const { config } = loadConfig(townWith({ [file]: settings }));
    expect(config.tick.poke).toMatchObject({ baseMs: 60_000, idle: 'always', capMs: 1_800_000 });
    expect(config.tick.keep).toEqual(['mayor']);
    expect([config.tmux, config.path]).toEqual([{ socket: 's', tmpdir: null }, ['/opt/bin']]);
  });

  it.each([
    [{ stale: '0s' }, 'F: tick.stale is "0s": it must be longer than nothing'],
    [
      { stale: '3m ' },
      'F: tick.stale is "3m ": it must be a duration such as 5m, 90s or 1h30m, without blanks',
    ],
    [
      { stale: '-3m' },
      'F: tick.stale is "-3m": it must be a duration such as 5m, 90s or 1h30m, without blanks',
    ],
    [{ stale: 300 }, 'F: tick.stale is 300: it must be a duration in quotes, such as "5m", "90s" or "1h30m"'],
    [
      { stale: null },
      'F: tick.stale is null: it must be a duration in quotes, such as "5m", "90s" or "1h30m"',
    ],
    [
      { stale: '15m' },
      'F: tick.stale is "15m": it makes tick.stale as long as tick.very_stale, which must be longer',
    ],
    [
      { very_stale: '1m' },
      'F: tick.very_stale is "1m": it makes tick.stale as long as tick.very_stale, which must be longer',
    ],
    [{ poke: { cap: '1m' } }, 'F: tick.poke.cap is "1m": it makes tick.poke.cap shorter than tick.poke.base'],
    [{ poke: { factor: 0.5 } }, 'F: tick.poke.factor is 0.5: it must be at least 1, or waits would shrink'],
    [{ poke: { factor: 'NaN' } }, 'F: tick.poke.factor is "NaN": it must be a number'],
    [{ budgets: { starts: 0 } }, 'F: tick.budgets.starts is 0: it must be at least 1'],
    [{ budgets: { kills: -1 } }, 'F: tick.budgets.kills is -1: it must be at least 1'],
    [{ budgets: { nudges: 1.5 } }, 'F: tick.budgets.nudges is 1.5: it must be a whole number'],
    [
      { poke: { idle: 'alway' } },
      'F: tick.poke.idle is "alway": it must be "when-needed" or "always"; did you mean "always"?',
    ],
    [{ keep: ['mayr'] }, 'F: tick.keep.0 is "mayr": it must be "mayor" or "refinery"; did you mean "mayor"?'],
    [{ tiers: [] }, 'F: tick.tiers is []: it must have at least one entry'],
    [
      { tiers: [{ below: '5m', interval: '5m' }] },
      'F: tick.tiers.0.below is "5m": it must not be there: the last tier holds for every longer idle time',
    ],
    [{ tiers: [{ interval: '5m' }, { interval: '5m' }] }, 'F: tick.tiers.0.below is missing'],
    [
      { machine: { max_load_per_cpu: 0 } },
      'F: tick.machine.max_load_per_cpu is 0: it must be a number from 0.5, which a machine at work has, to 10000, or "off"',
    ],
    [
      { machine: { min_free_memory: '1 GB' } },
      'F: tick.machine.min_free_memory is "1 GB": it must be an amount of memory such as 512MB or 2GB, or "off"',
    ],
    [
      { machine: { min_free_memory: 512 } },
      'F: tick.machine.min_free_memory is 512: it must be an amount of memory in quotes, such as "512MB" or "2GB", or "off"',
    ],
    [
      { machine: { min_free_memry: 'off' } },
      'F: tick.machine.min_free_memry is not a setting; did you mean "min_free_memory"?',
    ],
    [{ socket: '../x' }, 'F: tick.socket is "../x": it must be a short name of letters, digits, _ . and -'],
    [{ path: ['bin'] }, 'F: tick.path.0 is "bin": it must be an absolute path'],
  ])('refuse %j with file, key and value', (settings, message) => {
    expect(tick(settings)).toEqual([message]);
  });

  it.each([
    [{ tik: {} }, 'F: tik is not a setting; did you mean "tick"?'],
    [{ tick: { veryStale: '5m' } }, 'F: tick.veryStale is not a setting; did you mean "very_stale"?'],
    [{ tick: { poke: { bse: '5m' } } }, 'F: tick.poke.bse is not a setting; did you mean "base"?'],
    [
      { agents: { x: { command: 'x', argss: [] } } },
      'F: agents.x.argss is not a setting; did you mean "args"?',
    ],
    [
      { default_agent: 'cladue' },
      'F: default_agent is "cladue": it is neither a preset nor described under agents; did you mean "claude"?',
    ],
    [
      { role_agents: { witness: 'nobody' } },
      'F: role_agents.witness is "nobody": it is neither a preset nor described under agents',
    ],
    [
      { role_agents: { witnes: 'claude' } },
      'F: role_agents.witnes is "witnes": it is not a role (mayor, deacon, witness, refinery, crew, polecat); did you mean "witness"?',
    ],
    [{ agents: { mine: { args: ['x'] } } }, 'F: agents.mine.command is missing'],
    [
      { tick: { alerts: { command: ['bin/tell', '--now'] } } },
      'F: tick.alerts.command is ["bin/tell","--now"]: it must begin with a program: a bare name or an absolute path',
    ],
    [
      { agents: { mine: { command: 'claude --yes' } } },
      'F: agents.mine.command is "claude --yes": it must be one program: its arguments belong in args',
    ],
    [
      { agents: { mine: { command: './agent' } } },
      'F: agents.mine.command is "./agent": it must be a bare name or an absolute path: agents start in different directories',
    ],
    [{ version: 2 }, 'F: version is 2: it must be 1: another version was written by another gt'],
    [[], 'F must be a JSON object'],
    ['null', 'F must be a JSON object'],
    ['', 'F is empty'],
  ])('refuse %j, naming what was probably meant', (settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });

  it('list everything that is wrong at once', () => {
    const wrong = { tik: 1, default_agent: 5, tick: { stale: '', poke: { factor: 0 } } };
    expect(problems(wrong)).toHaveLength(4);
  });

  it('stop a tick altogether when they are wrong (F71)', () => {
    const town = townWith({ [file]: '{"tick": {' });
    expect(() => loadConfig(town)).toThrow(Failure);
    try {
      loadConfig(town);
    } catch (error) {
      expect(error).toMatchObject({ code: 'config-invalid', exit: 78 });
    }
    const folder = townWith();
    mkdirSync(folder.settingsFile, { recursive: true });
    expect(readConfig(folder)).toMatchObject({
      kind: 'invalid',
      problems: [{ problem: 'cannot be read: it is a directory' }],
    });
  });

  it('never crash, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(['ok', 'invalid']).toContain(readConfig(townWith({ [file]: text })).kind);
      }),
      { numRuns: 60 },
    );
  });

  it('are not fooled by names every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(problems(`{"default_agent":"${name}"}`)).toHaveLength(1);
      expect(problems(`{"${name}":{}}`)).toHaveLength(1);
    }
  });
});

describe('choosing a runtime (spec/agents.md §6.3)', () => {
  const config = (settings: object, rig?: unknown) =>
    loadConfig(
      townWith({ [file]: settings, ...(rig === undefined ? {} : { 'proj/settings/config.json': rig }) }),
      ['proj', 'other'],
    ).config;
  const name = (...given: Parameters<typeof runtimeFor>) => {
    const found = runtimeFor(...given);
    return found.known ? found.value.name : `unknown: ${found.reason}`;
  };
  const witness = rigAgent('proj', 'witness');

  it('asks the role in the rig, the role in the town, the rig, then the town', () => {
    const town = { default_agent: 'codex', role_agents: { witness: 'gemini' } };
    expect(name(config({ default_agent: 'codex' }), witness)).toBe('codex');
    expect(name(config(town), witness)).toBe('gemini');
    expect(name(config(town, { agent: 'amp' }), witness)).toBe('gemini');
    expect(name(config(town, { agent: 'amp' }), rigAgent('proj', 'refinery'))).toBe('amp');
    expect(name(config(town, { agent: 'amp' }), rigAgent('other', 'refinery'))).toBe('codex');
    expect(name(config(town, { role_agents: { witness: 'claude' } }), witness)).toBe('claude');
    expect(name(config(town), witness, 'copilot')).toBe('copilot');
    expect(name(config({ ...town, crew_agents: { max: 'amp' } }), worker('proj', 'crew', 'max'))).toBe('amp');
    expect(name(config(town), witness, 'nobody')).toContain('unknown: proj/witness is to run "nobody"');
  });

  it('lets a rig describe its own, over the town’s, and read the older runtime section', () => {
    const rig = {
      type: 'rig-settings',
      version: 1,
      theme: {},
      merge_queue: {},
      agents: { mine: { command: '/opt/mine', args: ['-x'] } },
      agent: 'mine',
    };
    const chosen = runtimeFor(config({ agents: { mine: { command: 'town' } } }, rig), witness);
    expect(chosen).toMatchObject({
      known: true,
      value: { command: '/opt/mine', args: ['-x'], processes: ['mine'] },
    });
    const old = runtimeFor(config({}, { runtime: { command: 'fake', args: ['1'] } }), witness);
    expect(old).toMatchObject({ known: true, value: { name: 'runtime', command: 'fake', args: ['1'] } });
  });

  it('starts nothing in a rig whose settings cannot be used, and keeps the others', () => {
    const town = townWith({ 'proj/settings/config.json': '{"agent":' });
    const { config, warnings } = loadConfig(town, ['proj', 'other']);
    expect(runtimeFor(config, witness).known).toBe(false);
    expect(runtimeFor(config, rigAgent('other', 'witness')).known).toBe(true);
    expect(warnings).toMatchObject([{ code: 'rig-settings' }]);
  });

  it('changes only what is said of a preset', () => {
    const { runtimes } = config({
      agents: { claude: { env: { A: 'b' } }, codex: { command: '/opt/codex-next' } },
    });
    expect(runtimes.claude).toEqual({ ...presets.claude, env: { A: 'b' } });
    expect(runtimes.codex).toEqual({
      ...presets.codex,
      command: '/opt/codex-next',
      processes: ['codex-next'],
    });
  });
});
