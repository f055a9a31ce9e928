import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Machine, makeMachine } from './machine/boot.ts';
import { lacking } from './programs.ts';

/** On the machine that decides nothing of this may be left out. */
const mayLack = process.env.CI === undefined;
const lacks = lacking(['systemd-nspawn', 'debootstrap', 'mount', 'chroot'], { root: true });

const settings = {
  type: 'town-settings',
  version: 1,
  default_agent: 'stand-in',
  agents: {
    'stand-in': {
      command: '/usr/local/bin/node',
      args: ['/opt/gt/stand-in.cjs', '--every', '3600000', '--log-dir', '/tmp'],
      process_names: ['stand-in'],
      prompt: 'argument',
      composer: ['❯'],
    },
  },
  tick: { tiers: [{ interval: '1m' }], budgets: { starts: 2 }, path: ['/usr/local/bin', '/usr/bin', '/bin'] },
};

/** Defines the tests, and begins at once: they take as long as two or three minutes of the clock. */
export function underSystemd(): void {
  const left = mayLack && lacks !== '';
  let machine: Machine | null = null;
  let why = '';
  let told = '';
  let shown = '';
  let facts: ReadonlyMap<string, string> = new Map();
  const text = (name: string): string => {
    const path = join(machine?.root ?? '', 'proof', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };

  const run = async (): Promise<void> => {
    try {
      machine = await makeMachine(join(import.meta.dirname, 'machine/inside.sh'), {
        'settings.json': JSON.stringify(settings),
      });
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      if (!mayLack) throw error;
      return;
    }
    for (let boot = 0; boot < 2; boot += 1) shown += await machine.boot(250_000);
    told = `${shown.slice(-2000)}\n${text('said').slice(-2000)}\n${text('facts')}`;
    facts = new Map(
      text('facts')
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  };
  const running = left ? Promise.resolve() : run();
  running.catch(() => undefined);
  describe.skipIf(left)(`under a systemd that booted for it${lacks}`, () => {
    beforeAll(() => running, 1_500_000);
    afterAll(() => machine?.close());

    /** A fact, as it is to be; what the machine said stands beside one that is otherwise. */
    const holds = (context: TestContext, expected: Readonly<Record<string, unknown>>): void => {
      if (machine === null) context.skip(`this computer does not let a machine be made: ${why}`);
      const found = Object.fromEntries(Object.keys(expected).map((name) => [name, facts.get(name)]));
      expect(found, told).toEqual(expected);
    };

    it('is installed by one command, and is what it was the second time', (context) => {
      holds(context, { install: '0', again: '0', done: 'yes' });
      expect(text('install.txt')).toContain('✓ systemd calls gt tick for /home/op/town every minute.');
      expect(JSON.parse(text('again.json'))).toMatchObject({
        scheduler: 'systemd',
        changed: false,
        problems: [],
      });
    });

    it('the timer fires the tick, and the tick starts the town', (context) => {
      holds(context, {
        'timer-starts-agents': '0',
        'tick-ended': 'success',
        agents: 'gt-deacon gt-one-witness gt-two-witness ',
      });
    });

    it('the tmux server and all agents outlive the end, a restart and a stop of the tick (F11)', (context) => {
      holds(context, { survives: 'yes' });
    });

    it('the tick is confined, and none of that reaches the tmux server or an agent', (context) => {
      const free = facts.get('manager-flags') ?? '';
      holds(context, {
        'server-flags': free,
        'agent-flags': `${free} `,
        'agent-units': facts.get('server-unit'),
        'agent-environment': '',
      });
      expect(free).toContain('NoNewPrivs:0');
      expect(facts.get('tick-flags')).toContain('NoNewPrivs:1');
      const count = (flags = '') => Number(/Seccomp_filters:(\d+)/.exec(flags)?.[1]);
      expect(count(facts.get('tick-flags'))).toBeGreaterThan(count(free));
    });

    it('mail for the keeper is answered at once, not at the next minute', (context) => {
      holds(context, { 'mail-answered': '0' });
      expect(Number(facts.get('mail-picked-up-tenths'))).toBeLessThan(20);
    });

    it('says what is installed and how it goes, and nothing else is said anywhere', (context) => {
      holds(context, { status: '0', journal: '' });
      expect(text('status.txt')).toMatch(
        /● systemd calls gt tick every minute[\s\S]*last heartbeat .*\(in order\)/,
      );
    });

    it('after a reboot the town comes back, the deacon first, and no more at once than the settings allow', (context) => {
      holds(context, { 'reboot-starts-agents': '0', 'reboot-units': facts.get('server-unit') });
      expect(facts.get('reboot-order')).toMatch(/^deacon \S+\/witness $/);
    });

    it('uninstall leaves nothing behind, and no agent is harmed', (context) => {
      holds(context, {
        uninstall: '0',
        left: '',
        'left-units': '',
        'agents-go-on': 'yes',
        'uninstall-again': '0',
      });
    });
  });
}
