import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type ExitStatus, exitStatus, failureOf } from '../exit.ts';
import { type Complaint, complaintDocument, complaintText } from '../show/complaint.ts';
import { jsonText } from '../show/json.ts';
import { findTown } from '../town/find.ts';
import { layout } from '../town/layout.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Context, processContext } from './context.ts';
import { hintThere } from './hint-town.ts';
import { version } from './version.ts';

/**
 * Says what went wrong, as one document on stdout where `--json` was asked for, and returns the exit status.
 * An error that nobody foresaw is a bug of ours: a report is written and named.
 */
export function complain(
  error: unknown,
  args: readonly string[],
  context: Context = processContext(),
): ExitStatus {
  const failure = failureOf(error);
  const { code, message, hint }: Complaint = failure ?? bugReport(error, args, context);
  const complaint = { code, message, hint: hintThere(hint, args, context) };
  if (wantsJson(args)) context.stdout(jsonText(complaintDocument(complaint)));
  else context.stderr(complaintText(complaint));
  return failure?.exit ?? exitStatus.bug;
}

function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--json' || arg === '--json=true');
}

function bugReport(error: unknown, args: readonly string[], context: Context): Complaint {
  const what = error instanceof Error ? error.message : String(error);
  const report = writeReport(error, args, context);
  return {
    code: 'bug',
    message: `This is a bug in gt: ${what}. ${report === null ? 'No report could be written.' : `A report is in ${report}`}`,
    hint: report === null ? null : `cat ${shellWord(report)}`,
  };
}

/** One file for each distinct bug, however often it happens; in the town where there is one. */
function writeReport(error: unknown, args: readonly string[], context: Context): string | null {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const name = `bug-${createHash('sha256').update(stack).digest('hex').slice(0, 12)}.txt`;
  const text = [
    `gt ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `at ${context.now().toISOString()}, in ${context.cwd}`,
    `gt ${args.join(' ')}`,
    '',
    stack,
    '',
  ].join('\n');
  for (const directory of [townReports(context), tmpdir()]) {
    if (directory === null) continue;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(`${directory}/${name}`, text, { mode: 0o600 });
      return `${directory}/${name}`;
    } catch {
      // The next place may take it.
    }
  }
  return null;
}

function townReports(context: Context): string | null {
  try {
    return `${layout(findTown(context)).daemonDir}/reports`;
  } catch {
    return null;
  }
}
