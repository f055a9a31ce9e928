import { exitStatus, Failure } from '../exit.ts';

/**
 * One town's lines in a user's crontab: between two marks, everything else is the user's. Tables are handled as bytes
 * (a string of one character for each), so whatever encoding and line ends they have they keep.
 */

const remark = '# Written by `gt schedule install`, which replaces what is between these two lines.';
const joined = '# The line above had no end of its own.';

/** The lines of a town's region as they stand in the table; null when it has none. Throws a {@link Failure} `crontab-damaged`. */
export function regionIn(table: string, town: string): readonly string[] | null {
  const found = locate(table, town);
  return found === null
    ? null
    : table
        .slice(found.inner, found.innerEnd)
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
        .filter((line) => line !== '' && line !== remark && line !== joined);
}

/** The table with these lines as the town's region: in the place of the old one, else at the end. */
export function withRegion(table: string, town: string, lines: readonly string[]): string {
  const found = locate(table, town);
  const open = found === null ? table !== '' && !table.endsWith('\n') : found.joined;
  const region = [begin(town), remark, ...(open ? [joined] : []), ...lines, end(town), ''].join('\n');
  if (found === null) return `${table}${open ? '\n' : ''}${region}`;
  return table.slice(0, found.start) + region + table.slice(found.end);
}

/** The table as it would be had the town never been in it. */
export function withoutRegion(table: string, town: string): string {
  const found = locate(table, town);
  if (found === null) return table;
  const before = table.slice(0, found.joined ? found.start - 1 : found.start);
  return before + table.slice(found.end);
}

interface Located {
  /** First character of the first mark, and the one after the last mark's line end. */
  readonly start: number;
  readonly end: number;
  readonly inner: number;
  readonly innerEnd: number;
  /** The line end before the region is ours. */
  readonly joined: boolean;
}

function locate(table: string, town: string): Located | null {
  const first = lineStarts(table, begin(town));
  const last = lineStarts(table, end(town));
  const [from] = first;
  const [to] = last;
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined || first.length > 1 || last.length > 1 || to < from) {
    throw new Failure(
      'crontab-damaged',
      exitStatus.data,
      `The marks of ${town} in your crontab do not stand in one pair: ${begin(town)} … ${end(town)}. Nothing was changed: put them in order, or take out both and what is between.`,
      'crontab -e',
    );
  }
  const inner = afterLine(table, from);
  return {
    start: from,
    end: afterLine(table, to),
    inner,
    innerEnd: to,
    joined: from > 0 && table.slice(inner, to).split(/\r?\n/).includes(joined),
  };
}

/** Where lines that are exactly this begin. */
function lineStarts(table: string, line: string): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < table.length; at = afterLine(table, at)) {
    if (table.slice(at, afterLine(table, at)).replace(/\r?\n$/, '') === line) found.push(at);
  }
  return found;
}

function afterLine(table: string, at: number): number {
  const next = table.indexOf('\n', at);
  return next === -1 ? table.length : next + 1;
}

const begin = (town: string): string => bytes(`# BEGIN gt ${town}`);
const end = (town: string): string => bytes(`# END gt ${town}`);

/** A text as tables are handled: each byte one character. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
