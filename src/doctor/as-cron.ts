import { explain, type Ran } from '../run.ts';
import { isObject } from '../town/settings-problem.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Finding } from './finding.ts';

/** Exit statuses that are answers, of the commands that are tried. */
const answers: Readonly<Record<string, readonly number[]>> = { due: [0, 1], tick: [0], doctor: [0, 1] };

/** A command that ran in the scheduler's environment: what is wrong with how it ended; null: nothing. */
function judgeRan(command: string, ran: Ran, document: unknown, town: string): Finding | null {
  const told = isObject(document) && isObject(document.error) ? document.error : null;
  if (ran.exit !== null && (answers[command] ?? []).includes(ran.exit) && document !== null && told === null)
    return null;
  const warnings = isObject(document) && Array.isArray(document.warnings) ? document.warnings : [];
  const words = [told, ...warnings].flatMap((one: unknown) =>
    isObject(one) && typeof one.message === 'string' ? [one.message] : [],
  );
  return {
    code: `as-cron-${command}`,
    message: `As the scheduler runs it, gt ${command === 'tick' ? 'tick --dry-run' : command} ${explain(ran)}: ${words.join(' ') || ran.stderr.trim() || 'without a word'}`,
    since: null,
    remedy: `gt config show --town ${shellWord(town)}`,
  };
}

/** What the scheduler's environment finds elsewhere, or not at all. */
function judgeDifferences(
  mine: Readonly<Record<string, string | null>>,
  theirs: Readonly<Record<string, unknown>>,
  town: string,
): readonly Finding[] {
  if (Object.keys(theirs).length === 0) return [];
  return Object.entries(mine).flatMap(([fact, here]) => {
    const there = theirs[fact] ?? null;
    if (there === here) return [];
    const missing = there === null;
    const where = missing ? 'nowhere' : String(there);
    return [
      {
        code: missing ? 'as-cron-missing' : 'as-cron-differs',
        message: `${fact}: ${here ?? 'nowhere'} for you, ${where} for the scheduler.${missing ? ' Name its directory in tick.path of settings/config.json.' : ''}`,
        since: null,
        remedy: `gt config show --town ${shellWord(town)}`,
      },
    ];
  });
}

/** Verdicts over what the scheduler's environment gives. Pure. */
export const judgeAsCron = { ran: judgeRan, differences: judgeDifferences };
