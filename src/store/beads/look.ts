import type { Touched } from '../port.ts';
import { type Beads, listing } from './beads.ts';
import { capabilitiesOf } from './capabilities.ts';
import { readHealths } from './health-file.ts';
import { globals, listIssues } from './program.ts';
import { probeTimeoutMs } from './sickness.ts';
import { findStores } from './stores.ts';
import { touchedIn } from './touched.ts';
import { viewOf } from './view.ts';

/**
 * Whether a request for the keeper waits, by one short listing of the town's messages, and how far that look goes. A
 * store that is not well, or does not answer soon, is left to the next heartbeat: "no" is then said of it too.
 */
export async function lookForRequests(
  beads: Beads,
): Promise<{ readonly waits: boolean; readonly touched: Touched }> {
  const { root, path } = beads;
  const store = findStores(root).town.path;
  const touched = touchedIn(store);
  const none = { waits: false, touched };
  if ((readHealths(root).get(store)?.trouble ?? null) !== null) return none;
  const program = { ...beads.program, timeoutMs: probeTimeoutMs };
  const can = await capabilitiesOf(root, { program, path, store, keep: true });
  if (!can.known) return none;
  const messages = can.value.types ? '--type=message' : '--label=gt:message';
  const args = [...globals(can.value), ...listing(can.value), messages];
  const listed = await listIssues(program, { store, args }, 'mail cannot be read');
  return listed.known ? { waits: viewOf(listed.value.issues, true).protocol.length > 0, touched } : none;
}
