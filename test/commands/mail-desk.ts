import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../src/commands/context.ts';

/** What a command printed and how it ended. */
export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A town with the rig `proj`: crew `max` and `joe`, polecats `toast` and `joe`. */
export interface MailTown {
  readonly root: string;
  /** Runs a command as somebody, in a directory of the town. */
  readonly as: (
    env: Readonly<Record<string, string>>,
    command: (context: Context) => Promise<number>,
    dir?: string,
    stdin?: string,
  ) => Promise<Said>;
  readonly remove: () => void;
}

export function mailTown(): MailTown {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-town-')));
  for (const dir of [
    'mayor',
    'deacon',
    'daemon',
    'proj/witness',
    'proj/crew/max',
    'proj/crew/joe',
    'proj/polecats/toast',
    'proj/polecats/joe',
    'other/crew',
  ]) {
    mkdirSync(join(root, dir), { recursive: true });
  }
  writeFileSync(join(root, 'mayor/town.json'), '{"type":"town","version":1,"name":"test"}');
  writeFileSync(join(root, 'mayor/rigs.json'), '{"version":1,"rigs":{"proj":{},"other":{}}}');
  let now = Date.parse('2026-11-21T07:10:00.000Z');
  return {
    root,
    as: async (env, command, dir = '', stdin = '') => {
      let out = '';
      let err = '';
      const context: Context = {
        env,
        cwd: join(root, dir),
        stdout: (text) => {
          out += text;
        },
        stderr: (text) => {
          err += text;
        },
        isTerminal: false,
        now: () => {
          now += 1000;
          return new Date(now);
        },
        run: () => {
          throw new Error('mail starts no program');
        },
        stdin: () => stdin,
      };
      return { exit: await command(context), out, err };
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
