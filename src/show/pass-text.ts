import type { PassReport, ReportedAction } from '../model/pass-report.ts';
import { evidenceText, reasonText } from './reason.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { clockText, momentText } from './time.ts';

const marks = { ok: '✓', failed: '✗', skipped: '–', planned: '·' } as const;
const tones = {
  ok: 'good',
  failed: 'bad',
  skipped: 'warn',
  planned: 'bold',
} as const;
const done = {
  start: 'started',
  recreate: 'recreated',
  nudge: 'nudged',
  settle: 'settled',
  mail: 'mailed',
  kill: 'ended',
  alert: 'told',
} as const;

/** A pass for people: one line when nothing was done, else each action with its reason, then warnings. */
export function passText(report: PassReport, now: Date, style: Style): string {
  const lines = [
    headline(report, now, style),
    ...table(report.actions.map((action) => actionCells(action, now, style))).map((line) => `  ${line}`),
    ...report.warnings.map((warning) => `  ${style('warn', 'warning')}: ${warning.message}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a dry run adds: why nothing would be done to the others. */
export function notesText(report: PassReport, now: Date, style: Style): string {
  const rows = report.notes.map((note) => [
    '–',
    note.agent,
    `${reasonText(note.why)}${note.until === undefined ? '' : ` (until ${clockText(new Date(note.until), now)})`}`,
    style('dim', note.evidence === undefined ? '' : evidenceText(note.evidence, now)),
  ]);
  return rows.length === 0
    ? ''
    : `${table(rows)
        .map((line) => `  ${line}`)
        .join('\n')}\n`;
}

function headline(report: PassReport, now: Date, style: Style): string {
  const { agents, actions, next_due_at: next } = report;
  const name = style('bold', report.dry_run ? 'dry run' : `tick ${report.pass?.split('-').at(-1) ?? ''}`);
  const counts =
    agents === null
      ? ''
      : Object.entries(agents)
          .filter(([state, count]) => state === 'alive' || count > 0)
          .map(([state, count]) => `${count} ${state}`)
          .join(', ');
  const what = actions.length === 0 ? 'nothing to do' : countText(report);
  const when = next === null ? '' : `, next heartbeat ${momentText(new Date(next), now)}`;
  return `${name}: ${counts}; ${what}${when}`;
}

function countText({ actions, dry_run: dry }: PassReport): string {
  if (dry) return `${actions.length} ${actions.length === 1 ? 'action' : 'actions'} planned`;
  const failed = actions.filter((action) => action.result === 'failed').length;
  const succeeded = actions.filter((action) => action.result === 'ok').length;
  const off = actions.length - failed - succeeded;
  return [
    `${succeeded} done`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(off === 0 ? [] : [`${off} put off`]),
  ].join(', ');
}

function actionCells(action: ReportedAction, now: Date, style: Style): readonly string[] {
  const { kind, result, agent, why, evidence, error } = action;
  const verb = result === 'ok' ? done[kind] : kind;
  const because = error === null ? reasonText(why) : `${reasonText(why)}; ${error}`;
  return [
    style(tones[result], marks[result]),
    verb,
    agent,
    because,
    style('dim', evidenceText(evidence, now)),
  ];
}
