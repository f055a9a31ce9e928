import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Ran } from '../../src/run.ts';
import type { Host } from '../../src/schedule/host.ts';
import type { Registration } from '../../src/schedule/registration.ts';

/** What a made-up program answers: its output, or how it fails. */
export type Answer = Partial<Pick<Ran, 'stdout' | 'stderr' | 'exit'>> | undefined;

/** A machine made of answers: the seam behind which all schedulers are, and what they asked for. */
export interface MadeUp extends Host {
  /** `PROGRAM ARGS…` of every program that was run, in order. */
  readonly asked: readonly string[];
}

/** `answer` is asked with the whole command line; what it leaves undefined ends with 127, as a program that is not there. */
export function madeUpHost(
  answer: (line: string, command: Command) => Answer,
  more: Partial<Pick<Host, 'platform' | 'env' | 'cronRuns'>> = {},
): MadeUp {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-home-')));
  const asked: string[] = [];
  return {
    platform: 'linux',
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    home,
    uid: 1000,
    user: 'you',
    cronRuns: () => true,
    asked,
    run: async (command) => {
      const line = [command.file, ...command.args].join(' ');
      asked.push(line);
      const said = answer(line, command);
      const { stdout = '', stderr = '', exit = said === undefined ? null : 0 } = said ?? {};
      const failure = said === undefined ? 'not-found' : exit === 0 ? null : 'exit';
      return { ok: exit === 0, exit, signal: null, stdout, stderr, failure, ms: 1 };
    },
    ...more,
  };
}

/** A crontab program that keeps its table as Debian's does. `table` null: there is none. */
export function madeUpCrontab(table: string | null, { strict = false } = {}) {
  const kept = { table };
  const answer = (line: string, { input }: Command): Answer => {
    if (line === 'crontab -l')
      return kept.table === null
        ? { exit: 1, stderr: 'no crontab for you\n' }
        : { stdout: kept.table.replaceAll('\r', '\\r') };
    if (line === 'crontab -e') return { stdout: kept.table ?? '' };
    if (line === 'crontab -r') {
      kept.table = null;
      return {};
    }
    if (line !== 'crontab -' || input === undefined) return undefined;
    if (strict && !input.endsWith('\n'))
      return { exit: 1, stderr: "new crontab file is missing newline before EOF, can't install." };
    kept.table = input;
    return {};
  };
  return { answer, kept };
}

/** A town that can be registered, with programs that exist. */
export function registrationOf(host: Host, more: Partial<Registration> = {}): Registration {
  const gt = join(host.home, 'gt.cjs');
  writeFileSync(gt, '');
  const town = join(host.home, 'town');
  mkdirSync(town, { recursive: true });
  return {
    town,
    everyMinutes: 1,
    program: { node: process.execPath, gt },
    env: { HOME: host.home, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    tmux: { file: '/usr/bin/tmux', socket: 'default', tmpdir: null },
    limitSeconds: 120,
    ...more,
  };
}

/** The registration that golden files show. */
export const example: Registration = {
  town: '/home/you/gt',
  everyMinutes: 1,
  program: { node: '/usr/bin/node', gt: '/usr/local/bin/gt' },
  env: { HOME: '/home/you', LANG: 'C.UTF-8', PATH: '/home/you/.local/bin:/usr/local/bin:/usr/bin:/bin' },
  tmux: { file: '/usr/bin/tmux', socket: 'default', tmpdir: null },
  limitSeconds: 120,
};
