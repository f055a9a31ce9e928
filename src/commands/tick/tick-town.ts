import { exitStatus, failureOf } from '../../exit.ts';
import { readJson } from '../../persist/json.ts';
import { parseJson } from '../../persist/parse-json.ts';
import { explain } from '../../run.ts';
import { parseDuration } from '../../town/duration.ts';
import { layout } from '../../town/layout.ts';
import { isObject } from '../../town/settings-problem.ts';
import { at } from '../../town/settings-rules.ts';
import { shellWord } from '../../town/shell-word.ts';
import type { Context } from '../context.ts';
import type { TickAllOptions } from './tick-all.ts';

/** What a tick in one town gave. With `--json`, `report` is its document; without, `stdout` is what it printed. */
export interface Ticked {
  readonly exit: number;
  readonly report: unknown;
  readonly error: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** A tick in this process. Whatever goes wrong in it is its result. */
export async function tickHere(root: string, options: TickAllOptions, context: Context): Promise<Ticked> {
  let stdout = '';
  let stderr = '';
  const inside: Context = {
    ...context,
    isTerminal: false,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  };
  const args = ['tick', ...wordsOf(options), '--town', root];
  let exit: number;
  try {
    const { tickCommand } = await import('./tick.ts');
    exit = await tickCommand({ town: root, ...options }, inside);
  } catch (error) {
    exit = (await import('../complain.ts')).complain(error, args, inside);
    if (failureOf(error) === null) exit = exitStatus.bug;
  }
  return resultOf(exit, stdout, stderr, options.json);
}

/** A tick as a program of its own, ended when it outlives its own watchdog. */
export async function tickApart(root: string, options: TickAllOptions, context: Context): Promise<Ticked> {
  if (context.program === undefined) return tickHere(root, options, context);
  const [file, gt] = context.program;
  const args = [gt, 'tick', ...wordsOf(options), '--town', root];
  const timeoutMs = deadlineOf(root);
  const ran = await context.run({ file, args, cwd: '/', env: context.env, timeoutMs });
  if (ran.exit !== null) return resultOf(ran.exit, ran.stdout, ran.stderr, options.json);
  const message = `The tick ${explain(ran)}.`;
  return {
    exit: ran.failure === 'timeout' ? exitStatus.timeUp : exitStatus.failed,
    report: null,
    error: { code: `tick-${ran.failure ?? 'failed'}`, message, hint: `gt status --town ${shellWord(root)}` },
    stdout: '',
    stderr: `${ran.stderr}gt: ${message}\n`,
  };
}

function wordsOf({ force, dryRun, json }: TickAllOptions): readonly string[] {
  return [...(force ? ['--force'] : []), ...(dryRun ? ['--dry-run'] : []), ...(json ? ['--json'] : [])];
}

/** A pass ends itself half a minute after its budget; whoever is still there a while later is stuck. */
function deadlineOf(root: string): number {
  const read = readJson(layout(root).settingsFile);
  const written =
    read.kind === 'ok' && isObject(read.value) ? at(read.value, 'tick.budgets.pass') : undefined;
  const budget = typeof written === 'string' ? parseDuration(written) : null;
  return Math.min(budget ?? 45_000, 600_000) + 45_000;
}

function resultOf(exit: number, stdout: string, stderr: string, json: boolean): Ticked {
  if (!json) return { exit, report: null, error: null, stdout, stderr };
  const document = parseJson(stdout) ?? null;
  const error = isObject(document) && document.schema === 'gt.error/1' ? document.error : null;
  return { exit, report: error === null ? document : null, error, stdout: '', stderr };
}
