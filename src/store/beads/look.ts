import type { Run } from '../../run.ts';
import { answer } from '../files/trouble.ts';
import type { Answer, Touched } from '../port.ts';
import { type Beads, listing } from './beads.ts';
import { capabilitiesOf } from './capabilities.ts';
import { readHealths } from './health-file.ts';
import { bad, globals, listIssues } from './program.ts';
import { probeTimeoutMs } from './sickness.ts';
import { findStores } from './stores.ts';
import { requestAmong, touchedIn } from './touched.ts';
import { viewOf } from './view.ts';

/** What a look between two heartbeats found, and how far it goes. */
export interface Looked {
  /** A request for the keeper waits. */
  readonly waits: boolean;
  readonly touched: Touched;
}

const what = 'requests cannot be looked for';

/**
 * Whether a request for the keeper waits, by one short listing of what is open in the town's store: mail comes in two forms,
 * and no filter of `bd` lets both through. A store that is not well, or does not answer soon, is unknown.
 */
export async function lookForRequests(beads: Beads, budgetMs = probeTimeoutMs): Promise<Answer<Looked>> {
  const done = await answer(what, () => look(beads, budgetMs));
  return done.known ? done.value : done;
}

async function look(beads: Beads, budgetMs: number): Promise<Answer<Looked>> {
  const { root, path } = beads;
  const store = findStores(root).town.path;
  const touched = touchedIn(store);
  const trouble = readHealths(root).get(store)?.trouble ?? null;
  if (trouble !== null) return bad(what, `the store did not answer before (${trouble.reason})`);
  const program = { ...beads.program, timeoutMs: budgetMs, run: within(beads.program.run, budgetMs) };
  const can = await capabilitiesOf(root, { program, path, store, keep: true });
  if (!can.known) return can;
  const args = [...globals(can.value), ...listing(can.value)];
  const listed = await listIssues(program, { store, args }, what);
  if (!listed.known) return listed;
  const waits = requestAmong(viewOf(listed.value.issues, true).protocol);
  return { known: true, value: { waits, touched } };
}

/** Programs that share one time, however many of them are started one after the other. */
function within(run: Run, budgetMs: number): Run {
  const end = performance.now() + budgetMs;
  return (command) => run({ ...command, timeoutMs: Math.max(1, Math.round(end - performance.now())) });
}
