import type { Style } from './style.ts';
import { table } from './table.ts';
import { momentText } from './time.ts';

/** One finding, as far as people are told of it. */
interface Told {
  readonly message: string;
  readonly since: string | null;
  readonly remedy: string | null;
}

interface Examined {
  readonly name: string;
  readonly saw: string;
  readonly findings: readonly Told[];
}

/** What was examined, one line each; below it what is wrong, since when, and what to do. `repaired`: null is put right. */
export function doctorText(
  examined: readonly Examined[],
  repaired: ReadonlyMap<object, string | null>,
  now: Date,
  style: Style,
): string {
  const rows = table(
    examined.map(({ name, saw, findings }) => [markOf(findings, repaired, style), name, saw]),
  );
  const lines = examined.flatMap(({ findings }, index) => [
    rows[index] ?? '',
    ...findings.flatMap((finding) => findingLines(finding, repaired.get(finding), now)),
  ]);
  const open = examined
    .flatMap(({ findings }) => findings)
    .filter((one) => repaired.get(one) !== null).length;
  const verdict =
    open === 0
      ? style('good', 'All is well.')
      : style('bad', `${open} ${open === 1 ? 'finding' : 'findings'}.`);
  return `${[...lines, '', verdict].join('\n')}\n`;
}

function markOf(
  findings: readonly Told[],
  repaired: ReadonlyMap<object, string | null>,
  style: Style,
): string {
  return findings.every((finding) => repaired.get(finding) === null) ? style('good', '✓') : style('bad', '✗');
}

function findingLines(
  { message, since, remedy }: Told,
  problem: string | null | undefined,
  now: Date,
): readonly string[] {
  const when = since === null ? '' : ` Since ${momentText(new Date(since), now)}.`;
  if (problem === null) return [`    put right: ${message}`];
  return [
    `    ${message}${when}`,
    ...(problem === undefined ? [] : [`    not put right: ${problem}`]),
    ...(remedy === null ? [] : [`    next: ${remedy}`]),
  ];
}
