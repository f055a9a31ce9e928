import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { gtFile } from '../rig/built-gt.ts';
import { lacking } from './programs.ts';

/** On the machine that decides nothing of this may be left out. */
const mayLack = process.env.CI === undefined;
const lacks = lacking(['cron', 'crontab', 'unshare', 'mount', 'chroot', 'useradd', 'tmux'], { root: true });
const cannotLayer = 9;

interface Ended {
  readonly status: number;
  readonly facts: string;
  readonly said: string;
}

/** Runs the script in namespaces of its own: whatever it starts ends with it, whatever it mounts or writes is gone. */
function runInside(): Promise<Ended> {
  const own = ['--mount', '--pid', '--fork', '--kill-child'];
  const probe = spawnSync('unshare', [...own, 'true'], { encoding: 'utf8' });
  if (probe.status !== 0)
    return Promise.resolve({ status: cannotLayer, facts: '', said: probe.stderr ?? '' });
  const dir = mkdtempSync(join(tmpdir(), 'gt-cron-'));
  const script = join(import.meta.dirname, 'machine/cron-inside.sh');
  const programs = [dirname(realpathSync(gtFile)), realpathSync(process.execPath)];
  const args = [...own, 'bash', script, dir, ...programs];
  return new Promise((resolve) => {
    execFile('unshare', args, { timeout: 280_000, encoding: 'utf8' }, (error, facts, said) => {
      rmSync(dir, { recursive: true, force: true });
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), facts, said });
    });
  });
}

/** Defines the tests, and begins at once: they take as long as two or three minutes of the clock. */
export function underCron(): void {
  const left = mayLack && lacks !== '';
  const running = left ? null : runInside();
  describe.skipIf(left)(`under Debian’s cron, as an ordinary user${lacks}`, () => {
    let ended: Ended = { status: -1, facts: '', said: '' };
    beforeAll(async () => {
      if (running !== null) ended = await running;
    }, 300_000);

    const holds = (context: TestContext, expected: Readonly<Record<string, string>>): void => {
      if (ended.status === cannotLayer && mayLack)
        context.skip(`this computer lets nobody have a file system of their own: ${ended.said}`);
      const facts = new Map(
        ended.facts
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );
      const found = Object.fromEntries(Object.keys(expected).map((name) => [name, facts.get(name)]));
      expect(found, `status ${ended.status}\n${ended.said.slice(-4000)}`).toEqual(expected);
    };

    it('is chosen where no service manager answers, and installed by one command', (context) => {
      holds(context, { install: '0', idempotent: '0', done: 'yes' });
      expect(ended.said).toContain('✓ cron calls gt tick for /home/op/town every minute.');
    });

    it('starts the town, and an agent that was killed is back within the next minutes', (context) => {
      holds(context, { started: '0', back: '0' });
    });

    it('causes no mail while all is well; the user’s own jobs still do', (context) => {
      holds(context, { 'other-mails': '0', status: '0' });
      expect(Number(/^user-mails=(\d+)$/m.exec(ended.facts)?.[1])).toBeGreaterThan(0);
    });

    it('leaves a table as it was, byte for byte: line ends, percent signs, Latin-1', (context) => {
      holds(context, { 'foreign-first': 'same', uninstall: '0', restored: '0', 'agents-go-on': 'yes' });
    });

    it('leaves one whose last line had no end with one more, since Debian takes no other, and none where there was none', (context) => {
      holds(context, { 'open-end': '0', 'none-again': 'no crontab for op' });
    });
  });
}
