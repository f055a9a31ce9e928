import { statSync } from 'node:fs';
import { parseDue } from '../due.ts';
import { readJson } from '../persist/json.ts';
import { readRun } from '../persist/run-file.ts';
import { type Examine, type Examined, momentOf } from './finding.ts';

/** A moment that the town recorded. */
export interface Recorded {
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** As much a clock may be corrected by without anybody calling it set back. */
const driftMs = 60_000;
/** No clock that is right shows an earlier time than this program was written at. */
const earliest = Date.UTC(2025, 0, 1);

export const examineClock: Examine = ({ layout, now }) => {
  const due = readJson(layout.dueFile);
  const begun = due.kind === 'ok' ? (parseDue(due.value)?.passStartedAt ?? null) : null;
  const run = readRun(layout);
  const ended =
    run.kind === 'ok' && run.value.finished_at !== null ? Date.parse(run.value.finished_at) : null;
  const made = statSync(layout.townFile, { throwIfNoEntry: false })?.mtimeMs ?? null;
  const recorded = [
    { what: 'the last pass began', at: begun },
    { what: 'the last pass ended', at: ended },
    { what: 'mayor/town.json was written', at: made },
  ];
  return judgeClock(
    now,
    recorded.flatMap(({ what, at }) => (at === null ? [] : [{ what, at }])),
  );
};

/** A clock that was set back makes what happened lie in the future. The tick copes; logs and mail are confused. */
export function judgeClock(now: number, recorded: readonly Recorded[]): Examined {
  const ahead = recorded.filter(({ at }) => at > now + driftMs);
  const wrong = now < earliest;
  const message = wrong
    ? `The clock shows ${momentOf(now)}, which is before this program was written.`
    : `The clock shows ${momentOf(now)}, but ${ahead.map(({ what, at }) => `${what} at ${momentOf(at)}`).join(', ')}: it was set back.`;
  return {
    name: 'clock',
    saw: momentOf(now) ?? 'unreadable',
    findings:
      wrong || ahead.length > 0 ? [{ code: 'clock-behind', message, since: null, remedy: 'date' }] : [],
  };
}
