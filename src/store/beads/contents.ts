import { rmSync, writeFileSync } from 'node:fs';
import { makeDirectory } from '../../persist/replace-file.ts';
import type { Contents, IdOf, Retired } from '../contents.ts';
import { answer } from '../files/trouble.ts';
import type { Answer } from '../port.ts';
import { beadsAgents } from './agents.ts';
import { type Beads, list, type Opened, withBeads } from './beads.ts';
import { exportedMessage, exportedWork } from './exported.ts';
import { compareAge, isKind } from './issue.ts';
import { heldOf, isWaiting } from './message-issue.ts';
import { callBd, globals, troubleOf } from './program.ts';
import { findStores, storeOf } from './stores.ts';
import { beadsWork } from './work.ts';

/** Everything of a town's beads that can be moved. */
export function readBeads(beads: Beads): Promise<Answer<Contents>> {
  const what = 'the beads cannot be read';
  return withBeads(beads, what, async (opened) => {
    const listed = await list(beads, opened, opened.stores.town.path, what, ['--all']);
    if (!listed.known) return listed;
    const mail = listed.value
      .filter((issue) => isKind(issue, 'message') && issue.status !== 'tombstone')
      .sort(compareAge)
      .map(heldOf);
    const agents = await beadsAgents(beads).list();
    if (!agents.known) return agents;
    const work = await beadsWork(beads).list();
    if (!work.known) return work;
    return { known: true, value: { mail, agents: agents.value.items, work: work.value.items } };
  });
}

/** An id of another store as one of the town's beads: always the same, so that moving twice moves once. */
function beadsId(id: string, prefix = 'hq'): string {
  if (id.startsWith(`${prefix}-`)) return id;
  return `${prefix}-${id.replace(/^g[mw]-/, '').toLowerCase()}`;
}

/**
 * Ids of the other store in this town's beads, for what is put in and for what is compared alike. Mail is the town's; work of
 * a rig that keeps its own beads keeps its id.
 */
export function translator({ root }: Beads): IdOf {
  return (id, of) => {
    if (of === 'mail') return beadsId(id);
    const own = findStores(root).rigs.flatMap(({ prefixes }) => prefixes);
    return own.some((prefix) => id.startsWith(prefix)) ? id : beadsId(id);
  };
}

/**
 * Puts everything in by `bd import`: one call for each store, with dates, states and reasons. What is there already under
 * the same id becomes what is put in.
 */
export function importBeads(beads: Beads, contents: Contents): Promise<Answer<null>> {
  const what = 'the beads could not be filled';
  return withBeads(beads, what, async (opened) => {
    const now = new Date(beads.now()).toISOString();
    const byStore = new Map<string, object[]>();
    const add = (store: string, record: object) => {
      const others = byStore.get(store);
      if (others === undefined) byStore.set(store, [record]);
      else others.push(record);
    };
    const idOf = translator(beads);
    for (const held of contents.mail) {
      const id = idOf(held.message.id, 'mail');
      add(opened.stores.town.path, exportedMessage(held, id, now, opened.can.types));
    }
    for (const item of contents.work) {
      const id = idOf(item.id, 'work');
      add(storeOf(opened.stores, id), exportedWork(item, id, now));
    }
    for (const [store, records] of byStore) {
      const done = await importInto(beads, opened, store, records, what);
      if (!done.known) return done;
    }
    for (const record of contents.agents) {
      const put = await beadsAgents(beads).put(record);
      if (!put.known) return put;
    }
    return { known: true, value: null };
  });
}

async function importInto(
  { root, program }: Beads,
  { can }: Opened,
  store: string,
  records: readonly object[],
  what: string,
): Promise<Answer<null>> {
  const file = `${root}/daemon/beads/import-${process.pid}.jsonl`;
  const saved = await answer(what, () => {
    makeDirectory(`${root}/daemon/beads`);
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
  });
  if (!saved.known) return saved;
  try {
    const args = [...globals(can), 'import', ...(can.types ? ['-i'] : []), file];
    const ran = await callBd(program, { store, args, timeoutMs: 300_000 });
    return ran.ok ? { known: true, value: null } : troubleOf(ran, what);
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Ends what still waits in the town's beads and is among `moved`: it waits elsewhere now. What is not stays and is named. Work
 * stays as it is: it belongs to the projects.
 */
export function retireBeads(beads: Beads, moved: Contents): Promise<Answer<Retired>> {
  const what = 'the mail left in the beads could not be closed';
  return withBeads(beads, what, async (opened) => {
    const store = opened.stores.town.path;
    const listed = await list(beads, opened, store, what);
    if (!listed.known) return listed;
    const copied = new Set(moved.mail.map(({ message }) => message.id));
    const open = listed.value
      .filter((issue) => isKind(issue, 'message') && (isWaiting(issue) || issue.status === 'in_progress'))
      .map(({ id }) => id);
    const ids = open.filter((id) => copied.has(id));
    for (let at = 0; at < ids.length; at += 50) {
      const args = ['close', ...ids.slice(at, at + 50), '--force', '--reason=moved by gt store migrate'];
      const ran = await callBd(beads.program, { store, args: [...globals(opened.can), ...args] });
      if (!ran.ok) return troubleOf(ran, what);
    }
    const text = `${ids.length} messages closed as moved; work left as it is`;
    return { known: true, value: { text, stay: open.filter((id) => !copied.has(id)) } };
  });
}
