import { existsSync, writeFileSync } from 'node:fs';
import { answer } from '../files/trouble.ts';
import type { Answer } from '../port.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Issue } from './issue.ts';
import { issuesIn } from './output.ts';
import { bad, type Call, callBd, globals, listIssues, type Program, troubleOf } from './program.ts';
import { findStores, type Stores } from './stores.ts';
import type { Capabilities } from './version.ts';

/** A town's beads, and what is needed to use them. Making it touches nothing. */
export interface Beads {
  readonly root: string;
  readonly program: Program;
  /** Directories that `bd` is looked for in. */
  readonly path: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** What a call works with: the town's stores as they are now, and what `bd` can do. */
export interface Opened {
  readonly stores: Stores;
  readonly can: Capabilities;
}

/** Finds the stores and asks what `bd` can do, then does `work`. What the file system refuses becomes trouble. */
export async function withBeads<T>(
  beads: Beads,
  what: string,
  work: (opened: Opened) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const done = await answer(what, async (): Promise<Answer<T>> => {
    const stores = findStores(beads.root);
    const { program, path } = beads;
    const can = await capabilitiesOf(beads.root, { program, path, store: stores.town.path, keep: true });
    if (!can.known) return can;
    keepRoutes(stores.town.path);
    return work({ stores, can: can.value });
  });
  return done.known ? done.value : done;
}

/**
 * Without an `issues.jsonl`, `bd` before 0.49.4 takes `routes.jsonl` for it and overwrites the routes at its next change,
 * whoever makes it (spec/agents.md §7.7). An empty one prevents that.
 */
function keepRoutes(store: string): void {
  const endangered = existsSync(`${store}/routes.jsonl`) && existsSync(`${store}/beads.db`);
  if (endangered && !existsSync(`${store}/issues.jsonl`))
    writeFileSync(`${store}/issues.jsonl`, '', { flag: 'a' });
}

/** The issues of one store; by default those that are not closed, all of them. */
export async function list(
  { program }: Beads,
  { can }: Opened,
  store: string,
  what: string,
  filter: readonly string[] = [],
): Promise<Answer<readonly Issue[]>> {
  const args = [...globals(can), ...listing(can), ...filter];
  const listed = await listIssues(program, { store, args }, what);
  return listed.known ? { known: true, value: listed.value.issues } : listed;
}

/** The arguments of a listing without any limit. */
export function listing({ listing: more }: Capabilities): readonly string[] {
  return ['list', '--json', '--limit', '0', ...more];
}

/** The issue with exactly this id, columns included; null when there is none. */
export async function show(
  { program }: Beads,
  { can }: Opened,
  store: string,
  id: string,
  what: string,
): Promise<Answer<Issue | null>> {
  if (!isId(id)) return { known: true, value: null };
  const ran = await callBd(program, { store, args: [...globals(can), 'show', id, '--json'] });
  // Nothing found: 0.47 says so on stderr and succeeds, 1.x fails with an object.
  const none = /no issues? found|ambiguous|not found/i.test(`${ran.stderr}${ran.ok ? '' : ran.stdout}`);
  if (none && (ran.ok || ran.failure === 'exit')) {
    if (ran.stdout.trim() === '' || !ran.ok) return { known: true, value: null };
  }
  if (!ran.ok) return troubleOf(ran, what);
  const printed = issuesIn(ran.stdout);
  if (printed.kind === 'bad') return bad(what, `what bd printed ${printed.why}`);
  return { known: true, value: printed.issues.find((issue) => issue.id === id) ?? null };
}

/** Changes issues; the answer is what `bd` printed of them afterwards. */
export async function change(
  { program }: Beads,
  { can }: Opened,
  call: Call,
  what: string,
): Promise<Answer<Issue>> {
  const ran = await callBd(program, { ...call, args: [...globals(can), ...call.args, '--json'] });
  if (!ran.ok) return troubleOf(ran, what);
  const printed = issuesIn(ran.stdout);
  if (printed.kind === 'bad') {
    // `update` of 0.47 succeeds where it found nothing, with a word on stderr.
    return ran.stderr.trim() === ''
      ? bad(what, `what bd printed ${printed.why}`)
      : troubleOf({ ...ran, ok: false, failure: 'exit' }, what);
  }
  const [issue] = printed.issues;
  return issue === undefined ? bad(what, 'bd printed no issue') : { known: true, value: issue };
}

/** Whether a text can be the id of an issue. No other text is ever given to `bd` as one. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id);
}
