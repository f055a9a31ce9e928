import * as v from 'valibot';
import type { Layout } from '../town/layout.ts';
import { readAs, writeJson } from './json.ts';

/** How telling one outside watcher went the last time. */
export interface Told {
  /** RFC 3339: the last try. */
  readonly at: string;
  /** RFC 3339: since when it fails; null: it does not. */
  readonly failingSince: string | null;
  /** Why it failed, for people. */
  readonly reason: string | null;
}

export type Watcher = 'metrics' | 'ping';
export type Watchers = Readonly<Partial<Record<Watcher, Told>>>;

const told: v.GenericSchema<unknown, Told> = v.pipe(
  v.object({ at: v.string(), failing_since: v.nullable(v.string()), reason: v.nullable(v.string()) }),
  v.transform(({ at, failing_since, reason }) => ({ at, failingSince: failing_since, reason })),
);
const schema = v.object({ metrics: v.optional(told), ping: v.optional(told) });

/** `daemon/watchers.json`. Nothing, where there is none or none that can be read: it is only for people. */
export function readWatchers({ daemonDir }: Layout): Watchers {
  const read = readAs(`${daemonDir}/watchers.json`, schema);
  if (read.kind !== 'ok') return {};
  const { metrics, ping } = read.value;
  return { ...(metrics === undefined ? {} : { metrics }), ...(ping === undefined ? {} : { ping }) };
}

/** Notes how telling a watcher went; `reason` is null when it went well. Never throws: the pass is over and saved. */
export function noteTold(layout: Layout, watcher: Watcher, at: string, reason: string | null): void {
  const before = readWatchers(layout);
  const failingSince = reason === null ? null : (before[watcher]?.failingSince ?? at);
  const now: Watchers = { ...before, [watcher]: { at, failingSince, reason } };
  const document = Object.fromEntries(
    Object.entries(now).map(([name, one]) => [
      name,
      { at: one.at, failing_since: one.failingSince, reason: one.reason },
    ]),
  );
  try {
    writeJson(`${layout.daemonDir}/watchers.json`, document, { fsync: false });
  } catch {
    // A full disk has been told of already, and more loudly.
  }
}
