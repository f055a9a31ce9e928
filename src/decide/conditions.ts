import type { Channel, Condition, NoticeKind, Observed, Part } from '../model/condition.ts';
import type { TickConfig } from '../model/config.ts';
import type { Action, Outcome } from '../model/plan.ts';
import type { Moment, State } from '../model/state.ts';
import { bodyOf, subjectOf } from './notice-words.ts';

/**
 * The ledger of what is wrong (design/failures.md F73): one notice when a condition begins, one a day while it lasts, one when
 * it is over. What was observed is kept apart from what was delivered; what was not delivered is tried again.
 */

/** Not observed for so long, in awake time: over. */
const settledMs = 4 * 60_000;
/** Back within this time it is the same condition, and nobody is told again. */
const flapMs = 60 * 60_000;
const most = 200;
/** Notices in one pass; the others follow in the next. */
const atOnce = 10;
/** A notice that was refused so often is given up: until its reminder, a day later. */
export const mostTries = 100;

/** These are told of only if a later look finds them still, so long after the first. Milliseconds. */
const patience: Readonly<Record<string, number>> = {
  'signs-unreadable': 0,
  'agents-unseen': 0,
  'session-foreign': 0,
  'budget-reached': 0,
  'start-failed': 0,
  'blocked-dialog': 0,
  misprimed: 0,
  'stores-silent': 0,
  'hooks-match-nobody': 10 * 60_000,
  overloaded: 10 * 60_000,
  'orphaned-work': 30 * 60_000,
};

/** `blind`: too little could be seen in this pass to say that this condition is over. */
export function updateLedger(
  ledger: readonly Condition[],
  observed: readonly Observed[],
  now: Moment,
  alerts: TickConfig['alerts'],
  blind: (condition: Condition) => boolean,
): readonly Condition[] {
  if (ledger.length === 0 && observed.length === 0) return ledger;
  const seen = new Map(observed.map((one) => [one.key, one]));
  const kept = ledger.flatMap((condition): readonly Condition[] => {
    const one = seen.get(condition.key);
    seen.delete(condition.key);
    const hidden = blind(condition);
    if (one !== undefined) return [stillThere(condition, one, now, alerts, hidden)];
    if (hidden && condition.code !== 'town-unseen') return [condition];
    return notSeen(condition, now, alerts);
  });
  const opened = [...seen.values()].map((one) => open(one, now, alerts));
  return [...kept, ...opened].slice(0, most);
}

function open({ items, ...one }: Observed, now: Moment, alerts: TickConfig['alerts']): Condition {
  return {
    ...one,
    ...(items === undefined ? {} : { parts: partsOf(items, [], now, false) }),
    opened: now.at,
    began: now.awake,
    seen: now,
    over: null,
    flaps: 0,
    acknowledged: null,
    owed: patience[one.code] === undefined ? owing('opened', one, alerts) : null,
    told: null,
  };
}

function stillThere(
  condition: Condition,
  one: Observed,
  now: Moment,
  alerts: TickConfig['alerts'],
  hidden: boolean,
): Condition {
  const { over, owed, told, acknowledged } = condition;
  const parts = one.items === undefined ? null : partsOf(one.items, condition.parts ?? [], now, hidden);
  const fresh = {
    ...condition,
    text: one.text,
    details: one.details,
    seen: now,
    ...(parts === null ? {} : { parts }),
  };
  const patient = patience[one.code] ?? 0;
  if (over !== null) {
    // It came back. If its end was not told yet, nothing needs to be.
    return { ...fresh, over: null, flaps: condition.flaps + 1, owed: owed?.kind === 'opened' ? owed : null };
  }
  if (owed !== null) return fresh;
  if (told === null) {
    // Nothing is owed yet: `seen` is still the first look at it.
    const first = parts === null ? condition.seen.awake : Math.min(...parts.map(({ seen }) => seen));
    return now.awake - first < patient
      ? { ...fresh, seen: condition.seen }
      : { ...fresh, owed: owing('opened', one, alerts) };
  }
  const since = now.awake - told.awake;
  if (acknowledged === null && told.kind !== 'recovered' && since >= alerts.remindMs)
    return { ...fresh, owed: owing('reminder', one, alerts) };
  const grown = parts?.some((part) => !part.told && now.awake - part.seen >= patient) ?? false;
  if (grown && told.kind !== 'recovered' && since >= flapMs)
    return { ...fresh, owed: owing('reminder', one, alerts) };
  if (told.kind === 'recovered' && since >= flapMs) return { ...fresh, owed: owing('opened', one, alerts) };
  return fresh;
}

/** What it is made of now, and while it is `hidden` what it was made of when it could be seen. */
function partsOf(
  items: readonly string[],
  before: readonly Part[],
  now: Moment,
  hidden: boolean,
): readonly Part[] {
  const known = new Map(before.map((part) => [part.name, part]));
  const names = new Set(hidden ? [...items, ...known.keys()] : items);
  return [...names].map((name) => known.get(name) ?? { name, seen: now.awake, told: false });
}

function notSeen(condition: Condition, now: Moment, alerts: TickConfig['alerts']): readonly Condition[] {
  const { over, told, owed, seen } = condition;
  const gone = now.awake - seen.awake;
  if (over === null) {
    if (told === null && owed === null) return [];
    if (gone < settledMs) return [condition];
    // Nobody ever heard of it: there is nothing to take back. Of what was tried somebody may have heard.
    if (told === null) return owed !== null && owed.tries > 0 ? [condition] : [];
    return [
      {
        ...condition,
        over: now.at,
        owed: told.kind === 'recovered' ? null : owing('recovered', condition, alerts),
      },
    ];
  }
  const quiet = now.awake - Math.max(seen.awake, told?.awake ?? 0);
  return owed === null && quiet >= flapMs ? [] : [condition];
}

function owing(kind: NoticeKind, { to }: Observed, alerts: TickConfig['alerts']): Condition['owed'] {
  const channels: Channel[] = [];
  if (alerts.mail || to !== 'overseer') channels.push('mail');
  if (to === 'overseer' && alerts.command.length > 0) channels.push('command');
  return { kind, channels, tries: 0 };
}

/** The notices that are to be delivered in this pass: those that were tried least come first. */
export function alertsFor(ledger: readonly Condition[]): readonly Action[] {
  const owing = ledger
    .filter(({ owed }) => owed !== null)
    .sort((one, other) => (one.owed?.tries ?? 0) - (other.owed?.tries ?? 0))
    .slice(0, atOnce);
  const standing = standingIn(ledger);
  return owing.flatMap((condition): Action[] => {
    const { owed, key, agent, to } = condition;
    if (owed === null) return [];
    return [
      {
        kind: 'alert',
        id: `alert:${key}`,
        agent: agent ?? 'overseer',
        session: '',
        condition: key,
        notice: owed.kind,
        to,
        channels: owed.channels,
        subject: subjectOf(condition, owed.kind),
        body: bodyOf(condition, owed.kind),
        token: tokenOf(condition, owed.kind),
        retried: owed.tries > 0,
        standing: to === 'overseer' ? standing : null,
        why: condition.code,
        evidence: {
          notice: owed.kind,
          since: condition.opened,
          text: condition.text,
          ...(owed.tries === 0 ? {} : { tries: owed.tries }),
          ...(owed.tries + 1 < mostTries ? {} : { last_try: true }),
        },
      },
    ];
  });
}

/** The same for every try of a notice. A condition begins and ends once for each of its flaps, and may last for many days. */
function tokenOf({ key, opened, began = 0, flaps, told }: Condition, kind: NoticeKind): string {
  const before = kind === 'reminder' && told !== null ? `@${told.at}` : '';
  return `${key}@${opened}/${began}+${flaps}#${kind}${before}`;
}

/** Conditions that hold and concern the human. */
function standingIn(ledger: readonly Condition[]): number {
  return ledger.filter(
    ({ to, over, told, owed }) => to === 'overseer' && over === null && (told ?? owed) !== null,
  ).length;
}

/** The ledger once a notice was tried: delivered, given up, or owed to the channels that are left. */
export function settleNotice(
  ledger: readonly Condition[],
  action: Extract<Action, { kind: 'alert' }>,
  outcome: Outcome,
  now: Moment,
): readonly Condition[] {
  return ledger.map((condition) => {
    const { key, owed } = condition;
    if (key !== action.condition || owed === null) return condition;
    const over = outcome.result === 'ok' || owed.tries + 1 >= mostTries;
    if (over) return { ...condition, ...named(condition), owed: null, told: { ...now, kind: action.notice } };
    const left = owed.channels.filter((channel) => (outcome.reason ?? '').split(',').includes(channel));
    const channels = left.length === 0 ? owed.channels : left;
    return { ...condition, owed: { ...owed, channels, tries: owed.tries + 1 } };
  });
}

/** A notice names all that its condition is made of. */
function named({ parts }: Condition): Pick<Condition, 'parts'> {
  return parts === undefined ? {} : { parts: parts.map((part) => ({ ...part, told: true })) };
}

/** Somebody says that a condition is known: nothing reminds of it any more. Null: there is no such condition. */
export function acknowledge(state: State, key: string, by: string, at: string): State | null {
  if (!state.conditions.some((condition) => condition.key === key)) return null;
  const conditions = state.conditions.map((condition) =>
    condition.key === key ? { ...condition, acknowledged: { by, at } } : condition,
  );
  return { ...state, conditions };
}
