import { explain, type Ran } from '../run.ts';
import type { TmuxClient } from './client.ts';
import type { TmuxCommand } from './commands.ts';
import { classify, type TmuxError } from './errors.ts';
import { quote } from './quote.ts';

/** Commands that belong together: the first failure ends the block, other blocks go on. */
export interface Block {
  /** Chosen by the caller to find the result again. */
  readonly id: string;
  readonly commands: readonly TmuxCommand[];
  /** Only while this pane still runs this process; asked by the server just before the block. */
  readonly guard?: PaneGuard;
}

export interface PaneGuard {
  readonly pane: string;
  readonly panePid: number;
  /** A tmux format that must be true as well. */
  readonly when?: string;
}

export type BlockResult =
  | { readonly id: string; readonly result: 'ok'; readonly output: string }
  /** A command of the block failed; those before it took effect. */
  | {
      readonly id: string;
      readonly result: 'failed';
      readonly output: string;
      readonly kind: TmuxError;
      readonly error: string;
    }
  /** The guard did not hold: nothing of the block was done. */
  | { readonly id: string; readonly result: 'skipped' }
  /** Nothing of the whole script was done. */
  | { readonly id: string; readonly result: 'not-run'; readonly kind: TmuxError; readonly error: string }
  /** tmux stopped answering: the block may or may not take effect. */
  | { readonly id: string; readonly result: 'unknown'; readonly error: string };

/**
 * Performs all blocks in one tmux client, whatever their number.
 *
 * tmux reads the script to its end before it does anything, so a script cut short by our own death is either
 * refused as a whole (cut inside a block: the brace is open) or lacks its last blocks; half a block never runs.
 * Framing lines around each block go to both streams, so that output and errors belong to one block.
 */
export async function runScript(
  client: TmuxClient,
  blocks: readonly Block[],
  options: { readonly startServer: boolean },
): Promise<readonly BlockResult[]> {
  if (blocks.length === 0) return [];
  const frame = client.nonce();
  const source = ['source-file', '-'];
  const ran = await client.call(
    options.startServer ? ['start-server', ';', ...source] : source,
    script(frame, blocks),
  );
  return readResults(frame, blocks, ran);
}

/** The script's text; exported for the test that cuts it at every byte. */
export function script(frame: string, blocks: readonly Block[]): string {
  const lines = blocks.flatMap((block, index) => [markError(frame, index), guarded(frame, block, index)]);
  return [...lines, markError(frame, blocks.length), print(`${frame}:end`), ''].join('\n');
}

function guarded(frame: string, block: Block, index: number): string {
  const body = [
    print(`${frame}:begin:${index}`),
    ...block.commands.map(line),
    print(`${frame}:done:${index}`),
  ];
  const braces = `{ ${body.join(' ; ')} }`;
  if (block.guard === undefined) return `if-shell -F 1 ${braces}`;
  const { pane, panePid, when } = block.guard;
  const same = `#{&&:#{==:#{pane_id},${pane}},#{==:#{pane_pid},${panePid}}}`;
  const holds = when === undefined ? same : `#{&&:${same},${when}}`;
  return `if-shell -F -t ${quote(pane)} ${quote(holds)} ${braces} { ${print(`${frame}:skip:${index}`)} }`;
}

function line(command: TmuxCommand): string {
  return command.map(quote).join(' ');
}

function print(text: string): string {
  return line(['display-message', '-p', text]);
}

/** Asking for an option that cannot exist puts its name on standard error, with or without sessions. */
function markError(frame: string, index: number): string {
  return line(['show-options', '-gv', `@${frame}-${index}`]);
}

function readResults(frame: string, blocks: readonly Block[], ran: Ran): readonly BlockResult[] {
  const complete = ran.stdout.includes(`${frame}:end\n`);
  if (!complete && ran.failure === 'exit' && !ran.stdout.includes(frame)) {
    const error = ran.stderr.trim();
    return blocks.map(({ id }) => ({ id, result: 'not-run', kind: classify(ran.stderr), error }));
  }
  if (!complete && (ran.failure === 'not-found' || ran.failure === 'permission' || ran.failure === 'spawn')) {
    return blocks.map(({ id }) => ({
      id,
      result: 'not-run',
      kind: 'unknown',
      error: `tmux ${explain(ran)}`,
    }));
  }
  const outputs = splitOutput(frame, ran.stdout);
  const errors = splitErrors(frame, ran.stderr);
  return blocks.map(({ id }, index) => {
    const part = outputs.get(index);
    if (part?.end === 'done') return { id, result: 'ok', output: part.text };
    if (part?.end === 'skip') return { id, result: 'skipped' };
    if (!complete) return { id, result: 'unknown', error: `tmux ${explain(ran)}` };
    const error = errors.get(index) ?? '';
    return { id, result: 'failed', output: part?.text ?? '', kind: classify(error), error: error.trim() };
  });
}

interface Part {
  readonly text: string;
  readonly end: 'done' | 'skip' | null;
}

/** What each block printed between its own frame lines. */
function splitOutput(frame: string, stdout: string): ReadonlyMap<number, Part> {
  const parts = new Map<number, Part>();
  for (const piece of stdout.split(`${frame}:`).slice(1)) {
    const match = /^(begin|done|skip):(\d+)\n/.exec(piece);
    if (match === null) continue;
    const [head, word, digits] = match;
    const index = Number(digits);
    if (word === 'begin') parts.set(index, { text: piece.slice(head.length), end: null });
    if (word === 'done') parts.set(index, { text: parts.get(index)?.text ?? '', end: 'done' });
    if (word === 'skip') parts.set(index, { text: '', end: 'skip' });
  }
  return parts;
}

function splitErrors(frame: string, stderr: string): ReadonlyMap<number, string> {
  const errors = new Map<number, string>();
  let index = -1;
  for (const text of stderr.split('\n')) {
    const mark = text.indexOf(`@${frame}-`);
    if (mark >= 0) index = Number(text.slice(mark + frame.length + 2));
    else if (text !== '') errors.set(index, `${errors.get(index) ?? ''}${text}\n`);
  }
  return errors;
}
