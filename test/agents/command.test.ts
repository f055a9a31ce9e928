import { describe, expect, it } from 'vitest';
import { launchOf } from '../../src/agents/command.ts';
import { environmentOf } from '../../src/agents/environment.ts';
import { runtimeOf } from '../../src/agents/runtime.ts';
import { startupText } from '../../src/agents/startup-text.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { Config, Runtime } from '../../src/model/config.ts';
import { agentsOf, rigAgent, sessionOf, townAgent, worker } from '../../src/town/identity.ts';
import { layout } from '../../src/town/layout.ts';
import { defaultConfig } from '../../src/town/settings.ts';

const runtime: Runtime = {
  command: 'claude',
  args: ['--model', 'x'],
  env: { ACCOUNT: 'a' },
  processes: ['claude'],
  prompt: 'argument',
  composer: ['❯'],
  busy: [],
};
const config: Config = {
  defaultAgent: 'claude',
  roleAgents: { refinery: 'quiet' },
  runtimes: { claude: runtime, quiet: { ...runtime, command: 'solo', args: [], env: {}, prompt: 'none' } },
  tmux: { socket: 'gt', tmpdir: null },
  path: ['/opt/bin', '/usr/bin'],
  tick: defaultConfig().tick,
};
const operatorEnv = {
  HOME: '/home/ann',
  PATH: '/usr/bin:/bin',
  LANG: 'de_DE.UTF-8',
  LC_TIME: 'C',
  AWS_SECRET: 's',
  GT_ROLE: 'mayor',
  GT_POLECAT: 'toast',
  BD_ACTOR: 'mayor',
  CLAUDECODE: '1',
  NODE_OPTIONS: '--x',
  TMUX: '/t',
  TMUX_PANE: '%9',
};
const everyone = agentsOf([{ name: 'proj', crew: ['max'], polecats: ['toast'] }]);
const given = (agent: Agent, env: Record<string, string | undefined> = operatorEnv) =>
  environmentOf({ agent, layout: layout('/town'), config, operatorEnv: env, session: sessionOf(agent) });
const launch = (agent: Agent, env: Record<string, string | undefined> = operatorEnv) =>
  launchOf({
    agent,
    layout: layout('/town'),
    config,
    operatorEnv: env,
    session: sessionOf(agent),
    cwd: '/town/x',
  });

describe('the environment of an agent', () => {
  it('is its own identity, its town, its runtime’s wishes and an allow-list of the operator’s', () => {
    expect(given(rigAgent('proj', 'witness')).set).toEqual({
      HOME: '/home/ann',
      LANG: 'de_DE.UTF-8',
      LC_TIME: 'C',
      PATH: '/town/daemon/bin:/opt/bin:/usr/bin:/bin',
      GT_ROLE: 'witness',
      GT_RIG: 'proj',
      BD_ACTOR: 'proj/witness',
      GIT_AUTHOR_NAME: 'proj/witness',
      GT_ROOT: '/town',
      GT_TOWN_ROOT: '/town',
      GT_SESSION: 'gt-proj-witness',
      GT_AGENT: 'claude',
      ACCOUNT: 'a',
    });
  });

  it.each([
    [
      worker('proj', 'crew', 'max'),
      { GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max', GIT_AUTHOR_NAME: 'max', BD_ACTOR: 'proj/crew/max' },
    ],
    [
      worker('proj', 'polecat', 'toast'),
      {
        GT_ROLE: 'polecat',
        GT_RIG: 'proj',
        GT_POLECAT: 'toast',
        GIT_AUTHOR_NAME: 'toast',
        BD_ACTOR: 'proj/polecats/toast',
      },
    ],
    [townAgent('deacon'), { GT_ROLE: 'deacon', GIT_AUTHOR_NAME: 'deacon', BD_ACTOR: 'deacon' }],
  ])('names $0.id', (agent, names) => {
    expect(given(agent).set).toMatchObject(names);
  });

  it('takes away every foreign name that it does not set itself', () => {
    const { set, unset } = given(townAgent('deacon'));
    for (const name of ['GT_RIG', 'GT_CREW', 'GT_POLECAT', 'CLAUDECODE', 'NODE_OPTIONS', 'GIT_AUTHOR_EMAIL'])
      expect(unset).toContain(name);
    for (const name of unset) expect(set).not.toHaveProperty(name);
    for (const name of ['TMUX', 'TMUX_PANE', 'AWS_SECRET']) expect(set).not.toHaveProperty(name);
  });

  it('knows letters beyond ASCII even under cron', () => {
    expect(given(townAgent('mayor'), { HOME: '/h', PATH: '/bin' }).set).toMatchObject({
      LANG: 'C.UTF-8',
      PATH: '/town/daemon/bin:/opt/bin:/usr/bin:/bin',
    });
    expect(given(townAgent('mayor'), {}).set.PATH).toBe(
      '/town/daemon/bin:/opt/bin:/usr/bin:/usr/local/bin:/bin',
    );
  });
});

describe('the command line of an agent', () => {
  it('removes foreign names, then runs the program with exactly the configured flags and the start-up text', () => {
    const { argv, env, unset, cwd } = launch(townAgent('deacon'));
    expect(argv).toEqual([
      'env',
      ...unset.flatMap((name) => ['-u', name]),
      `PATH=${env.PATH}`,
      'claude',
      '--model',
      'x',
      startupText(townAgent('deacon')),
    ]);
    expect(cwd).toBe('/town/x');
  });

  it('is the same bytes whoever asks for it', () => {
    const other = {
      ...operatorEnv,
      GT_ROLE: 'witness',
      GT_ISSUE: 'x',
      BEADS_DIR: '/b',
      NODE_OPTIONS: undefined,
    };
    for (const agent of everyone) expect(launch(agent, other)).toEqual(launch(agent));
  });

  it('carries no text for a runtime that takes none, and follows the role’s choice', () => {
    expect(launch(rigAgent('proj', 'refinery')).argv.at(-1)).toBe('solo');
  });

  it('never asks for permissions to be skipped by itself', () => {
    for (const agent of everyone) expect(launch(agent).argv.join(' ')).not.toContain('dangerously');
  });

  it('fails by name for a runtime that the settings do not describe', () => {
    expect(() => runtimeOf({ ...config, defaultAgent: 'toString' }, townAgent('deacon'))).toThrow(
      /deacon is to run "toString"/,
    );
  });
});

describe('the start-up text', () => {
  it('is one line that begins with the agent’s name and has nothing a terminal would act on', () => {
    for (const agent of everyone) {
      expect(startupText(agent)).toMatch(/^\[GAS TOWN\] \S+ • /);
      expect(startupText(agent).startsWith(`[GAS TOWN] ${agent.id} • `)).toBe(true);
      expect(startupText(agent)).not.toMatch(/[\x00-\x1f\x7f]/);
    }
  });

  it('names only commands of this program', () => {
    const known = ['gt deacon heartbeat', 'gt status', 'gt rig list'];
    for (const agent of everyone) {
      for (const [, command = ''] of startupText(agent).matchAll(/`([^`]+)`/g)) {
        expect(known.some((name) => command.startsWith(name))).toBe(true);
      }
    }
  });
});
