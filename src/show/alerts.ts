import type { Condition } from '../model/condition.ts';
import { counted } from '../model/counted.ts';
import { oneLine } from './printable.ts';
import type { Style } from './style.ts';
import { lengthOf, momentText } from './time.ts';

/** The ledger of conditions for people, those that hold first. */
export function alertsText(conditions: readonly Condition[], now: Date, style: Style): string {
  if (conditions.length === 0) return 'Nothing is wrong that the tick knows of.\n';
  const sorted = [...conditions].sort((a, b) => Number(a.over !== null) - Number(b.over !== null));
  return `${sorted.map((one) => conditionLines(one, now, style).join('\n')).join('\n')}\n`;
}

/** One condition: its key and since when, what it is, and what is known of its telling. */
export function conditionLines(condition: Condition, now: Date, style: Style): readonly string[] {
  const { key, text, hint, opened, over } = condition;
  const mark = over === null ? style('bad', '✗') : style('good', '✓');
  const since = `since ${momentText(new Date(opened), now)}`;
  const end = over === null ? '' : `, over since ${momentText(new Date(over), now)}`;
  return [
    `${mark} ${style('bold', key)}  ${since}${end}`,
    `  ${oneLine(text, 400)}`,
    ...(over === null && hint !== '' ? [`  ${oneLine(hint, 400)}`] : []),
    `  ${style('dim', toldText(condition, now))}`,
  ];
}

function toldText({ to, told, owed, acknowledged, flaps }: Condition, now: Date): string {
  const whom = to === 'overseer' ? 'the human' : to;
  const parts = [
    told === null ? `${whom} has not been told` : `${whom} was told ${momentText(new Date(told.at), now)}`,
    ...(owed === null
      ? []
      : [
          `a notice is due${owed.tries === 0 ? '' : `, tried ${counted(owed.tries, 'time')}`} by ${owed.channels.join(' and ') || 'nothing'}`,
        ]),
    ...(acknowledged === null
      ? []
      : [`acknowledged by ${acknowledged.by} ${lengthOf(now.getTime() - Date.parse(acknowledged.at))} ago`]),
    ...(flaps === 0 ? [] : [`came back ${counted(flaps, 'time')}`]),
  ];
  return parts.join('; ');
}
