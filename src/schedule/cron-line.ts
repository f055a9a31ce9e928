import { shellWord } from '../town/shell-word.ts';
import { splitWords } from '../town/split-words.ts';
import { cleared, commandOf, type Registration } from './registration.ts';

/** Cron gives up on longer lines without a word to the user. */
const longest = 990;

/**
 * The line of a crontab that calls a town's tick. Cron's `%` is a line end unless escaped. The search path comes last
 * of all variables, and stays out where the line would be longer than cron reads: the town's settings have it too.
 */
export function cronLine(registration: Registration): string {
  const { PATH, ...env } = registration.env;
  const line = (given: Readonly<Record<string, string>>) => {
    const words = [
      ...cleared.map((name) => `${name}=`),
      ...Object.entries(given).map(([name, value]) => `${name}=${assigned(value)}`),
      ...commandOf(registration).map(shellWord),
    ];
    return `${when(registration)} ${words.join(' ').replaceAll('%', '\\%')}`;
  };
  const whole = line({ ...env, ...(PATH === undefined ? {} : { PATH }) });
  return Buffer.byteLength(whole) <= longest ? whole : line(env);
}

/** What a line of ours says; null when it is none. */
export function parseCronLine(line: string): {
  readonly everyMinutes: number | null;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
} | null {
  const fields = /^(\S+) \* \* \* \* (.*)$/.exec(line);
  if (fields === null) return null;
  const [, minute = '', rest = ''] = fields;
  // A command line that begins with a variable is no command line to that function.
  const split = splitWords(`env ${rest.replaceAll('\\%', '%')}`);
  if (split.kind === 'refused') return null;
  const words = split.words.slice(1);
  const first = words.findIndex((word) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(word));
  const pairs = words.slice(0, first === -1 ? undefined : first).map((word) => {
    const cut = word.indexOf('=');
    return [word.slice(0, cut), word.slice(cut + 1)] as const;
  });
  return {
    everyMinutes: readMinute(minute),
    env: Object.fromEntries(pairs.filter(([name]) => !cleared.some((one) => one === name))),
    command: first === -1 ? [] : words.slice(first),
  };
}

/** In an assignment a shell reads `~` after every colon. */
function assigned(value: string): string {
  return value.includes('~') ? `'${value.replaceAll("'", "'\\''")}'` : shellWord(value);
}

/** Towns of one machine that are called every few minutes are not all called at the same one. */
function when({ everyMinutes, town }: Registration): string {
  if (everyMinutes === 1) return '* * * * *';
  const offset =
    [...town].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7) % everyMinutes;
  return everyMinutes === 60 ? `${offset} * * * *` : `${offset}-59/${everyMinutes} * * * *`;
}

/** Minutes between two calls, by the first field of a line whose others are all `*`; null when they are not even. */
export function readMinute(field: string): number | null {
  if (field === '*') return 1;
  if (/^\d+$/.test(field)) return 60;
  const [, step] = /^(?:\d+-59|\*)\/(\d+)$/.exec(field) ?? [];
  return step === undefined ? null : Number(step);
}
