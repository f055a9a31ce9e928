import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tmuxShim } from '../rig/shim.ts';
import { type TestTown, testTown } from '../rig/town.ts';

/** A town whose witness, crew worker and polecat run, for those who look while nothing can be seen of it. */
let town: TestTown;
beforeAll(async () => {
  town = await testTown(['proj']);
  for (const worker of ['crew/max', 'polecats/nux'])
    mkdirSync(join(town.root, 'proj', worker), { recursive: true });
  await town.tick();
  for (const worker of ['proj/max', 'proj/nux']) await town.gt(['session', 'start', worker]);
  await town.ready('gt-deacon', 'gt-proj-witness', 'gt-proj-nux');
});
afterAll(() => town.close());

const tickSettings = (more: object): void =>
  town.settings((all) => {
    all.tick = { ...(typeof all.tick === 'object' ? all.tick : {}), ...more };
  });

/** What is in the way of looking, the environment in which it is, and a word of what is said of it. */
const blindfolds: readonly (readonly [
  why: string,
  put: () => Readonly<Record<string, string>>,
  word: string,
])[] = [
  [
    'tmux hangs',
    () => {
      tickSettings({ child_timeout: '300ms' });
      return { PATH: `${tmuxShim(join(town.dir, 'hung'), 'exec sleep 60').dir}:${town.env.PATH}` };
    },
    'did not answer',
  ],
  [
    'there is no tmux',
    () => {
      tickSettings({ path: [town.dir] });
      return { PATH: town.dir };
    },
    'No tmux program was found',
  ],
  [
    'the settings lead to another server',
    () => {
      tickSettings({ socket: 'gt-other' });
      return {};
    },
    'the settings now lead to',
  ],
];

const nothingSaid = { session_exists: null, agent_alive: null, attached: null };

describe.each(blindfolds)('while %s', (_, put, word) => {
  let env: Readonly<Record<string, string>>;
  beforeAll(() => {
    env = put();
  });
  afterAll(() => tickSettings({ socket: 'gt-test', path: [], child_timeout: '10s' }));

  /** What a command prints of what it knows; the cause is on standard error, with a command that tells more. */
  const told = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await town.gt(args, env);
    expect(status, `${args.join(' ')}: ${stdout}${stderr}`).toBe(69);
    expect(stderr).toContain(word);
    expect(stderr).toMatch(/next: gt status --town .+\n$/);
    expect(stderr).not.toContain('..');
    return stdout;
  };

  it.each([
    ['witness status proj', { rig_name: 'proj', state: 'unknown', ...nothingSaid }],
    ['mayor status', { agent: 'mayor', state: 'unknown', ...nothingSaid }],
    ['session status proj/nux', { running: null, attached: null, agent_alive: null }],
    ['polecat status proj/nux', { name: 'nux', session_running: null, agent_alive: null }],
    ['polecat list', [{ name: 'nux', session_running: null, agent_alive: null }]],
    ['crew list', [{ name: 'max', has_session: null, agent_alive: null }]],
  ])(
    'gt %s calls nobody stopped: what cannot be told is null, and it ends with 69',
    async (line, document) => {
      const args = line.split(' ');
      expect(JSON.parse(await told(...args, '--json'))).toMatchObject(document);
      expect(await told(...args)).not.toMatch(/stopped|not running/);
    },
  );

  it.each([['session list'], ['nudge deacon x'], ['nudge deacon'], ['peek deacon'], ['witness attach proj']])(
    'gt %s has nothing to say but why: 69',
    async (line) => {
      expect(await told(...line.split(' '))).toBe('');
    },
  );

  it('gt session list --json gives the failure, no empty list', async () => {
    const { status, stdout } = await town.gt(['session', 'list', '--json'], env);
    expect(status).toBe(69);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'gt.error/1',
      error: { message: expect.stringContaining(word) },
    });
  });

  it('gt session check leaves them open, as upstream has it: 0', async () => {
    const { status, stdout } = await town.gt(['session', 'check'], env);
    expect(status).toBe(0);
    expect(stdout).toContain('⚠ proj/nux: error checking session: ');
    expect(stdout).toContain('1 checked, 0 healthy, 0 not running');
  });
});

describe('where all can be seen', () => {
  it('the same commands end with 0', async () => {
    for (const line of ['witness status proj', 'session list', 'polecat list', 'crew list'])
      expect(await town.gt(line.split(' ')), line).toMatchObject({ status: 0, stderr: '' });
  });
});
