import { findTown } from '../town/find.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Context } from './context.ts';

/**
 * The command to run next, for whoever named their town: `--town` is added where the command would not find that town by
 * itself. Hints that name a town, or need none, stay as they are.
 */
export function hintThere(hint: string | null, args: readonly string[], context: Context): string | null {
  const town = townGiven(args);
  if (hint === null || town === null || town.trim() === '') return hint;
  if (!/^gt (?!install\b|version\b|demo\b|completion\b|help\b)[a-z]/.test(hint)) return hint;
  if (/ --(?:town|help)\b/.test(hint) || isSame(town, context)) return hint;
  return `${hint} --town ${shellWord(town)}`;
}

/** The last one counts, as for every option. */
function townGiven(args: readonly string[]): string | null {
  const end = args.indexOf('--');
  const words = end === -1 ? args : args.slice(0, end);
  const at = words.findLastIndex((word) => word === '--town' || word.startsWith('--town='));
  const word = words[at];
  if (word === undefined) return null;
  return word === '--town' ? (words[at + 1] ?? null) : word.slice('--town='.length);
}

/** Whether a command finds this town by itself. */
export function isSame(town: string, { env, cwd }: Context): boolean {
  try {
    return findTown({ env, cwd, reading: true }) === findTown({ town, env, cwd, reading: true });
  } catch {
    return false;
  }
}
