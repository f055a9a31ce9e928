import type { Warning } from '../../model/snapshot.ts';
import { answer } from '../files/trouble.ts';
import type { Answer, LastKnown, Overview } from '../port.ts';
import type { Beads } from './beads.ts';
import { listing } from './beads.ts';
import { capabilitiesOf } from './capabilities.ts';
import { eachStore } from './each-store.ts';
import { type Healths, readHealths, writeHealths } from './health-file.ts';
import { bad, globals, listIssues } from './program.ts';
import { afterFailure, afterSuccess, type Health, howToAsk, lastKnown, probeTimeoutMs } from './sickness.ts';
import { findStores, type Stores } from './stores.ts';
import { touchedIn } from './touched.ts';
import type { Capabilities } from './version.ts';
import { parseView, type Requests, type View, viewOf } from './view.ts';

export interface Overseeing {
  /** Whether what was found out may be remembered for the next pass; not in a dry run. */
  readonly keep: boolean;
  /** Wall time in milliseconds for all stores together. */
  readonly budgetMs?: number;
  /** Wall time in milliseconds for one of them. */
  readonly timeoutMs?: number;
}

const defaultBudgetMs = 15_000;
const defaultTimeoutMs = 10_000;
/** With less wall time than this left, in milliseconds, no store can be expected to answer. */
const tooLittleMs = 100;

/** One store, and what asking it came to. */
interface Asked {
  readonly path: string;
  /** Empty: the town's own. */
  readonly rig: string;
  readonly answer: Answer<View & Requests>;
  readonly before: Health<unknown> | undefined;
  /** Null: it was not asked, so nothing new is known of its health. */
  readonly after: Health<unknown> | null;
}

/**
 * Everything a pass asks for: one listing for each store, some at a time, within one budget. A store that is silent is
 * unknown, never empty; what was last known of it stands in for a while (failures F23, F64, F67).
 */
export async function beadsOverview(beads: Beads, how: Overseeing): Promise<Answer<Overview>> {
  const what = 'the store cannot be read';
  const done = await answer(what, async () => overview(beads, how, what));
  return done.known ? done.value : done;
}

async function overview(beads: Beads, how: Overseeing, what: string): Promise<Answer<Overview>> {
  const { root, path, program } = beads;
  const begun = performance.now();
  const now = beads.now();
  const stores = findStores(root);
  const touched = touchedIn(stores.town.path);
  const healths = readHealths(root);
  const timeoutMs = Math.min(how.timeoutMs ?? defaultTimeoutMs, how.budgetMs ?? defaultBudgetMs);
  const budgetMs = how.budgetMs ?? defaultBudgetMs;
  const prober = { ...program, timeoutMs };
  // Asking what bd can do is cheap where it is remembered; where it is not, a store at rest must wait for that too.
  const can =
    howToAsk(healths.get(stores.town.path), now) === 'rest' && stores.rigs.length === 0
      ? null
      : await capabilitiesOf(root, { program: prober, path, store: stores.town.path, keep: how.keep });
  const left = () => Math.max(0, budgetMs - (performance.now() - begun));
  const places = inOrder(stores, healths);
  const asked = await eachStore(places, (place) =>
    ask(beads, can, place, { health: healths.get(place.path), now, timeoutMs, left, what }),
  );
  if (how.keep) remember(root, healths, asked);
  const combined = combine(asked, stores, now);
  return combined.known ? { known: true, value: { ...combined.value, touched } } : combined;
}

interface Place {
  readonly path: string;
  readonly rig: string;
}

/**
 * The town first, then rigs that were well, then the others: those that hang must not keep us from the rest. Whoever was
 * heard longest ago comes first, so that where time is short it is not always short for the same.
 */
function inOrder({ town, rigs }: Stores, healths: Healths): readonly Place[] {
  const isSick = ({ path }: Place) => (healths.get(path)?.trouble ?? null) !== null;
  const heard = ({ path }: Place) => healths.get(path)?.last?.at ?? 0;
  const longest = [...rigs].sort((one, other) => heard(one) - heard(other));
  return [
    { path: town.path, rig: '' },
    ...longest.filter((rig) => !isSick(rig)),
    ...longest.filter((rig) => isSick(rig)),
  ];
}

async function ask(
  { program }: Beads,
  can: Answer<Capabilities> | null,
  { path, rig }: Place,
  {
    health,
    now,
    timeoutMs,
    left,
    what,
  }: {
    health: Health<unknown> | undefined;
    now: number;
    timeoutMs: number;
    left: () => number;
    what: string;
  },
): Promise<Asked> {
  const base = { path, rig, before: health };
  const way = howToAsk(health, now);
  if (way === 'rest' || can === null)
    return {
      ...base,
      after: null,
      answer: bad(
        what,
        `it is left alone until the next try (${health?.trouble?.reason ?? 'it does not answer'})`,
      ),
    };
  if (!can.known) return { ...base, answer: can, after: afterFailure(health, can.reason, now) };
  const fair = way === 'probe' ? probeTimeoutMs : timeoutMs;
  const limit = Math.min(fair, left());
  const unheard = { ...base, after: null, answer: bad(what, 'other stores took all the time there was') };
  if (limit < tooLittleMs) return unheard;
  const args = [...globals(can.value), ...listing(can.value)];
  const listed = await listIssues(program, { store: path, args, timeoutMs: limit }, what);
  // Silence in what little time the others had left says nothing of its health. Timers may end a little early.
  if (!listed.known && limit < fair / 2 && left() < tooLittleMs) return unheard;
  if (!listed.known) return { ...base, answer: listed, after: afterFailure(health, listed.reason, now) };
  const view = viewOf(listed.value.issues, rig === '');
  const { protocol: _requests, claimed: _claims, subjects: _words, ...kept } = view;
  return { ...base, answer: { known: true, value: view }, after: afterSuccess(kept, now) };
}

function remember(root: string, before: Healths, asked: readonly Asked[]): void {
  const after = asked.flatMap(({ path, after: health }) => {
    const kept = health ?? before.get(path);
    return kept === undefined ? [] : [[path, kept] as const];
  });
  writeHealths(root, new Map(after));
}

function combine(asked: readonly Asked[], { warnings: routes }: Stores, now: number): Answer<Overview> {
  const [town, ...rigs] = asked;
  if (town === undefined) return bad('the store cannot be read', 'it was not found');
  const warnings = [...routes, ...asked.flatMap((one) => wordsOn(one, now))];
  const views = asked.flatMap(({ answer: given, before }) => {
    if (given.known) return [given.value];
    const last = lastView(before, now);
    return last === null ? [] : [{ ...last.view, subjects: {}, protocol: [], claimed: [] }];
  });
  const silentRigs = rigs.flatMap((one) => (one.answer.known ? [] : [one.rig]));
  const whole: Overview = {
    waiting: Object.assign({}, ...views.map(({ waiting }) => waiting)),
    subjects: Object.assign({}, ...views.map(({ subjects }) => subjects)),
    protocol: views.flatMap(({ protocol }) => protocol),
    claimed: views.flatMap(({ claimed }) => claimed),
    agents: newest(views.flatMap(({ agents }) => agents)),
    hooked: asked.flatMap((one) => hooksOf(one, now)),
    warnings,
    ...(silentRigs.length === 0 ? {} : { silent: silentRigs }),
  };
  if (town.answer.known) return { known: true, value: whole };
  const last = lastView(town.before, now);
  const known: LastKnown | null =
    last === null ? null : { at: new Date(last.at).toISOString(), value: whole };
  return { ...town.answer, warnings, ...(known === null ? {} : { last: known }) };
}

/** Who works on what changes by the minute: of a rig that is silent nothing is on a hook for certain, so nothing is said. */
function hooksOf({ rig, answer: given, before }: Asked, now: number): Overview['hooked'] {
  if (given.known) return given.value.hooked;
  return rig === '' ? (lastView(before, now)?.view.hooked ?? []) : [];
}

function newest(records: Overview['agents']): Overview['agents'] {
  const found = new Map(records.map((record) => [record.agent, record]));
  for (const record of records) {
    const other = found.get(record.agent)?.updated ?? '';
    if (Date.parse(record.updated ?? '') > Date.parse(other)) found.set(record.agent, record);
  }
  return [...found.values()].sort((one, other) => (one.agent < other.agent ? -1 : 1));
}

function lastView(
  health: Health<unknown> | undefined,
  now: number,
): { readonly at: number; readonly view: View } | null {
  const last = lastKnown(health, now);
  const view = last === null ? null : parseView(last.view);
  return last === null || view === null ? null : { at: last.at, view };
}

/** A word when a store falls silent, for as long as it is, and one when it answers again. */
function wordsOn({ rig, answer: given, before, after }: Asked, now: number): readonly Warning[] {
  const whose = rig === '' ? 'The town’s store' : `The store of rig ${rig}`;
  const trouble = (after ?? before)?.trouble ?? null;
  if (given.known) {
    if ((before?.trouble ?? null) === null) return [];
    const since = new Date(before?.trouble?.since ?? now).toISOString();
    return [{ code: 'store-recovered', message: `${whose} answers again; it had not since ${since}.` }];
  }
  if (trouble === null)
    return [{ code: 'store-not-asked', message: `${whose} was not asked: ${given.reason}.` }];
  const last = lastView(before, now);
  const known =
    last === null
      ? 'Nothing about it is known now'
      : rig === ''
        ? `What was known at ${new Date(last.at).toISOString()} stands in for it`
        : 'What hangs on hooks there is unknown, and whoever may have such work is left alone';
  const since = new Date(trouble.since).toISOString();
  return [
    {
      code: 'store-silent',
      message: `${whose} has not answered since ${since} (${trouble.reason}). ${known}.`,
    },
  ];
}
