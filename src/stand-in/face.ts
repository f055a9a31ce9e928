import type { Mind } from './mind.ts';

/** The whole screen of a stand-in, cursor included, for a terminal of this size. */
export function face(mind: Mind, columns: number, rows: number): string {
  const width = Math.max(10, columns);
  const below = mind.dialog ? dialog : composer(mind, width);
  const above = [
    `${mind.name} · type a word: exit N, hang, dialog, swallow N, draft TEXT, quiet, busy, limit, full, mute, deaf, idle`,
    ...mind.said,
    ...(mind.full ? ['Context limit reached · /compact or /clear to continue'] : []),
    ...(mind.limited ? ['Usage limit reached ∙ resets 5pm'] : []),
    ...(mind.busy ? ['* Working… (esc to interrupt)'] : []),
  ].flatMap((line) => wrap(line, width));
  const room = Math.max(1, rows - below.length - 1);
  const cursor = mind.dialog ? '' : `\x1b[2A\x1b[${(below.at(-3)?.length ?? 0) + 1}G`;
  return `\x1b[H\x1b[2J${[...above.slice(-room), ...below].join('\r\n')}${cursor}`;
}

const dialog = [
  '',
  'Do you want to proceed?',
  '❯ 1. Yes',
  '  2. No',
  '  3. No, and say why',
  '',
  'Esc to cancel',
];

function composer(mind: Mind, width: number): readonly string[] {
  const rule = '─'.repeat(width - 1);
  const lines = mind.input.split('\n').flatMap((line) => wrap(line, width - 3));
  return [rule, ...lines.map((line, index) => `${index === 0 ? '❯' : ' '} ${line}`), rule, '  ? a stand-in'];
}

function wrap(line: string, width: number): readonly string[] {
  const chars = [...line];
  const pieces: string[] = [];
  for (let from = 0; from < chars.length || from === 0; from += width)
    pieces.push(chars.slice(from, from + width).join(''));
  return pieces;
}
