import type { ScreenLine } from './screen-lines.ts';

/** The place where an agent takes its input. Line numbers count from the top of what was captured. */
export interface Composer {
  readonly first: number;
  /** The line after its last. */
  readonly end: number;
  /** The first line above it that is not its frame. */
  readonly above: number;
  /** What stands in it, typed by somebody; faint suggestions are nothing. */
  readonly text: string;
}

/** More lines than this below the last prompt, and it is history rather than the place for input. */
const footerLines = 6;

/**
 * Finds the composer: the lowest line that begins with one of the runtime's marks, together with the lines that belong
 * to it. Null where none is, or where too much stands below it (a prompt that scrolled up).
 */
export function findComposer(lines: readonly ScreenLine[], marks: readonly string[]): Composer | null {
  const first = lines.findLastIndex((line) => markOf(line.text, marks) !== null);
  const start = lines[first];
  if (start === undefined) return null;
  const mark = markOf(start.text, marks) ?? '';
  const framed = start.boxed || lines[first - 1]?.rule === true;
  const end = endOf(lines, first, framed, start.boxed);
  const below = lines.slice(end).filter((line) => line.text.trim() !== '' && !line.rule);
  if (below.length > footerLines) return null;
  const [head = '', ...tail] = lines.slice(first, end).map((line) => line.solid);
  // The mark itself may be faint.
  const own = markOf(head, marks) === null ? head : head.trimStart().slice(mark.length);
  return {
    first,
    end,
    above: lines[first - 1]?.rule === true ? first - 2 : first - 1,
    text: [own, ...tail].join('\n').trim(),
  };
}

/** The mark a line begins with: alone, or followed by a space. */
function markOf(text: string, marks: readonly string[]): string | null {
  const line = text.trimStart();
  return marks.find((mark) => line === mark || line.startsWith(`${mark} `)) ?? null;
}

/** A frame ends at its rule; without a frame the text ends at the first blank line. */
function endOf(lines: readonly ScreenLine[], first: number, framed: boolean, boxed: boolean): number {
  const rest = lines.slice(first + 1);
  const rule = rest.findIndex((line) => line.rule || (boxed && !line.boxed));
  const blank = rest.findIndex((line) => line.text.trim() === '');
  const length = framed && rule !== -1 ? rule : blank !== -1 ? blank : rest.length;
  return first + 1 + length;
}

/** Two texts are the same input when they differ only in how a terminal wrapped them. */
export function sameInput(one: string, other: string): boolean {
  return squash(one) === squash(other);
}

function squash(text: string): string {
  return text.replace(/\s+/gu, '');
}
