import type { PassReport } from '../model/pass-report.ts';
import type { Evidence, Note } from '../model/plan.ts';
import type { Warning } from '../model/snapshot.ts';
import type { TownEvent } from '../model/town-event.ts';
import { reasonText } from './reason.ts';

/** What the last pass complained of; empty where nobody knows. */
export interface Complaints {
  /** Warnings and failed actions, by {@link complaintsOf}'s keys. */
  readonly trouble: ReadonlySet<string>;
  /** `<why> <agent>` of agents that are held or cannot be told. */
  readonly conditions: ReadonlySet<string>;
}

/** Rules whose notes are conditions: told once when they begin and once when they are over. */
const conditionRules = ['unknown', 'held', 'brake', 'blocked', 'misprimed', 'crash', 'overload'];

/** What a pass complains of. Numbers are left out of the keys: an age that grows makes no new complaint. */
export function complaintsOf(
  report: Pick<PassReport, 'warnings' | 'actions' | 'notes' | 'unjudged'>,
): Complaints {
  return {
    trouble: new Set([...report.warnings.map(warningKey), ...failures(report).map(failureKey)]),
    conditions: new Set([...report.notes.filter(isCondition).map(conditionKey), ...(report.unjudged ?? [])]),
  };
}

/** The warnings and failed actions that the pass before did not have: what is worth a word where nobody watches. */
export function newTrouble(report: PassReport, before: Complaints): readonly string[] {
  return [
    ...report.warnings
      .filter((warning) => !before.trouble.has(warningKey(warning)))
      .map(({ message }) => message),
    ...failures(report)
      .filter((action) => !before.trouble.has(failureKey(action)))
      .map(
        ({ kind, agent, why, error }) =>
          `${agent}: ${kind} failed (${reasonText(why)}): ${error ?? 'no reason given'}`,
      ),
  ];
}

/**
 * The events of a pass: each action with its outcome, each warning and condition that begins, and each that is over.
 * Conditions are told from heartbeat to heartbeat: a pass in between asks only some of the rules and leaves nothing for
 * the next one to compare with, so it says of none that it began or is over.
 */
export function eventsOf(
  report: PassReport,
  before: Complaints,
  at: string,
  part: 'all' | 'lifecycle',
): readonly TownEvent[] {
  const { pass } = report;
  const event = (kind: string, agent: string | null, text: string, evidence: Evidence = {}): TownEvent => ({
    at,
    kind,
    agent,
    pass,
    text,
    evidence,
  });
  const notes = part === 'all' ? report.notes.filter(isCondition) : [];
  const now = complaintsOf(report);
  const over =
    part === 'all' ? [...before.conditions].filter((key) => !now.conditions.has(key)).map(splitKey) : [];
  return [
    ...report.actions.map(({ kind, agent, why, evidence, result, error }) =>
      event(kind, agent, `${result}: ${reasonText(why)}${error === null ? '' : `; ${error}`}`, {
        ...evidence,
        why,
        result,
      }),
    ),
    ...report.warnings
      .filter((warning) => !before.trouble.has(warningKey(warning)))
      .map(({ code, message }) => event(code, null, message)),
    ...notes
      .filter((note) => !before.conditions.has(conditionKey(note)))
      .map(({ agent, why, evidence }) => event(why, agent, reasonText(why), evidence)),
    ...over.map(({ why, agent }) => event(`${why}-over`, agent, `no longer: ${reasonText(why)}`)),
  ];
}

function failures({ actions }: Pick<PassReport, 'actions'>): PassReport['actions'] {
  return actions.filter((action) => action.result === 'failed');
}

function isCondition({ rule }: Note): boolean {
  return conditionRules.includes(rule);
}

function conditionKey({ why, agent }: Note): string {
  return `${why} ${agent}`;
}

function splitKey(key: string): { readonly why: string; readonly agent: string } {
  const space = key.indexOf(' ');
  return { why: key.slice(0, space), agent: key.slice(space + 1) };
}

function warningKey({ code, message }: Warning): string {
  return `${code} ${withoutNumbers(message)}`;
}

function failureKey({ id, error }: PassReport['actions'][number]): string {
  return `${id} ${withoutNumbers(error ?? '')}`;
}

/** Numbers that stand alone, not those in names; and which pass it was. */
function withoutNumbers(text: string): string {
  return text
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z-[0-9A-Za-z]+/g, '#')
    .replaceAll(/(?<=^|[\s(])\d[\dTZ:.+-]*/g, '#');
}
