import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The built programs that end-to-end tests drive: `npm test` builds them before it runs any test. */
const dist = process.env.GT_TEST_DIST ?? join(import.meta.dirname, '../../dist');
export const gtFile = join(dist, 'gt.cjs');
export const standInFile = join(dist, 'stand-in.cjs');

if (!existsSync(gtFile))
  throw new Error(`${gtFile} is missing: run \`npm run build\` before the end-to-end tests`);

/** What a run of `gt` left behind. `status` is null when a signal ended it. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  readonly told: () => string;
}

/** Starts the built `gt` with exactly this environment, its standard input closed. */
export function startGt(args: readonly string[], env: Readonly<Record<string, string>>, cwd = '/'): Started {
  const child = spawn(process.execPath, [gtFile, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  if (child.pid === undefined) throw new Error(`${process.execPath} could not be started`);
  return { pid: child.pid, ended, told: () => stdout };
}
