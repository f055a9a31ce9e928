import { readJson, writeJson } from '../../persist/json.ts';
import { createRun } from '../../run.ts';
import { lookForRequests } from '../../store/beads/look.ts';
import { beadsOf } from '../../store/beads/open.ts';
import type { Layout } from '../../town/layout.ts';
import { readConfig } from '../../town/settings.ts';
import { type Context, searchPath } from '../context.ts';

/**
 * Somebody wrote to the town's beads between two heartbeats: is a request among it? Each change is looked at once, found
 * something or not, so that a town whose agents write all day pays one listing a minute. The lock is in hand.
 */
export async function requestWaitsInBeads(at: Layout, { env, now }: Context): Promise<boolean> {
  const read = readConfig(at);
  if (read.kind === 'invalid') return false;
  const path = [...searchPath(env), ...read.config.path];
  const beads = beadsOf(at.root, { now: () => now().getTime(), env, path, run: createRun({ path }) });
  const { waits, touched } = await lookForRequests(beads);
  const gate = readJson(at.dueFile);
  if (gate.kind === 'ok' && typeof gate.value === 'object')
    writeJson(at.dueFile, { ...gate.value, touched }, { fsync: false });
  return waits;
}
