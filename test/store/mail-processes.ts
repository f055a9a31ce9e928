import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { afterAll } from 'vitest';
import { bundle } from '../rig/bundle.ts';
import { scratch } from '../town/scratch.ts';

/** Processes that do with a town's mail what `mail-process.ts` says, to be killed at any moment. */
export interface MailProcesses {
  /** Runs one to its end, or until the fault that is armed in it ends it. */
  readonly run: (
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    fault?: string,
  ) => { readonly signal: string | null; readonly ids: readonly string[]; readonly stderr: string };
  /** Starts one; `printed`: the ids it had printed whole when it ended. */
  readonly start: (
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ) => { readonly child: ChildProcess; readonly printed: Promise<readonly string[]> };
  readonly running: ReadonlySet<ChildProcess>;
}

/** Those that still run when the test file is done are killed. */
export async function mailProcesses(timeoutMs: number): Promise<MailProcesses> {
  const script = await bundle(new URL('mail-process.ts', import.meta.url), scratch());
  const running = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  return {
    run: (args, env, fault = '') => {
      const ran = spawnSync(process.execPath, [script, ...args], {
        env: { ...env, GT_FAULT: fault },
        encoding: 'utf8',
        timeout: timeoutMs,
      });
      return { signal: ran.signal, ids: linesOf(ran.stdout), stderr: ran.stderr };
    },
    start: (args, env) => {
      const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      running.add(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      const printed = new Promise<readonly string[]>((resolve) => {
        child.on('close', () => {
          running.delete(child);
          resolve(linesOf(out.slice(0, out.lastIndexOf('\n') + 1)));
        });
      });
      return { child, printed };
    },
    running,
  };
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
