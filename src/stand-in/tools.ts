import { readFileSync } from 'node:fs';
import { createRun } from '../run.ts';
import { splitWords } from '../town/split-words.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Runs a command line as an agent's tool would: below us, output kept. */
export async function runBelow(
  line: string,
  env: Env,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const words = splitWords(line);
  const [file = '', ...args] = words.kind === 'words' ? words.words : [];
  const run = createRun({ path: (env.PATH ?? '').split(':') });
  const { exit, stdout, stderr } = await run({ file, args, env, timeoutMs: 600_000 });
  return { status: exit, output: stdout + stderr };
}

/** What a stand-in gives to whatever it runs: its own environment and, in a test town, the false clock of this file. */
export function environmentNow(env: Env, clock: string | null): Env {
  if (clock === null) return env;
  try {
    return { ...env, GT_CLOCK: readFileSync(clock, 'utf8') };
  } catch {
    return env;
  }
}
