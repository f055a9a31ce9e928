/** One line of a captured pane. */
export interface ScreenLine {
  /** Everything that can be seen, without the box around it; no-break spaces are spaces. */
  readonly text: string;
  /** The same without faint text: what a composer suggests is faint, what somebody typed is not. */
  readonly solid: string;
  /** The line has a box's side before its text. */
  readonly boxed: boolean;
  /** The line is the top or bottom of a box, or a rule. */
  readonly rule: boolean;
}

interface Cell {
  readonly char: string;
  readonly faint: boolean;
  readonly inverse: boolean;
}

// A run of plain text, a style, a hyperlink, any other escape, or one control character.
const tokens =
  /[^\x00-\x1f]+|\x1b\[([0-9;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;:?]*[A-Za-z]|\x1b[()][A-Z0-9]|[\x00-\x1f]/gu;

/**
 * Reads `capture-pane -p -e` output. Works as well on a capture without styles: then nothing is faint. Blank lines at
 * the end, which every pane has below its text, are left out.
 */
export function readLines(capture: string): readonly ScreenLine[] {
  const rows: Cell[][] = [[]];
  let faint = false;
  let inverse = false;
  let drawing = false;
  for (const [token, style] of capture.replaceAll('\u00a0', ' ').matchAll(tokens)) {
    if (style !== undefined) ({ faint, inverse } = restyle(style, { faint, inverse }));
    else if (token === '\n') rows.push([]);
    else if (token === '\x0e') drawing = true;
    else if (token === '\x0f') drawing = false;
    else if (token >= ' ') {
      const row = rows.at(-1);
      for (const char of token)
        row?.push({ char: drawing ? (lineDrawing[char] ?? char) : char, faint, inverse });
    }
  }
  const lines = rows.map(line);
  while (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

const lineDrawing: Readonly<Record<string, string>> = {
  q: '─',
  x: '│',
  l: '┌',
  k: '┐',
  m: '└',
  j: '┘',
  t: '├',
  u: '┤',
};

function restyle(
  style: string,
  now: { faint: boolean; inverse: boolean },
): { faint: boolean; inverse: boolean } {
  let { faint, inverse } = now;
  const codes = style.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index];
    if (code === '' || code === '0') faint = inverse = false;
    else if (code === '2') faint = true;
    else if (code === '22') faint = false;
    else if (code === '7') inverse = true;
    else if (code === '27') inverse = false;
    // A colour's own numbers are not styles: 38;5;N and 38;2;R;G;B.
    else if (code === '38' || code === '48') index += codes[index + 1] === '5' ? 2 : 4;
  }
  return { faint, inverse };
}

const opening = /^\s*[│┃║▌▏] ?/u;
const closing = /[│┃║▐▕]$/u;
const rule = /^\s*[╭┌╔├╰└╚╶─━═▁▔▀▄]{2,}/u;

function line(cells: readonly Cell[]): ScreenLine {
  const spell = (shown: (cell: Cell, index: number) => boolean) =>
    cells.map((cell, index) => (shown(cell, index) && cell.char !== ' ' ? cell.char : ' ')).join('');
  const text = spell(() => true);
  const unbox = (spelled: string) => spelled.trimEnd().replace(opening, '').replace(closing, '').trimEnd();
  // A block cursor upon faint text is part of the suggestion, not a letter that somebody typed.
  const solid = spell((cell, index) => !cell.faint && !(cell.inverse && cells[index + 1]?.faint === true));
  return { text: unbox(text), solid: unbox(solid), boxed: opening.test(text), rule: rule.test(text) };
}
