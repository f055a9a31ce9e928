import * as v from 'valibot';
import { appendEvent } from '../../persist/events.ts';
import { readJson, writeJson } from '../../persist/json.ts';
import { createRun } from '../../run.ts';
import { lookForRequests } from '../../store/beads/look.ts';
import { beadsOf } from '../../store/beads/open.ts';
import { lookAgain } from '../../store/beads/touched.ts';
import { storeKind } from '../../store/kind.ts';
import type { Touched } from '../../store/port.ts';
import type { Layout } from '../../town/layout.ts';
import { readConfig } from '../../town/settings.ts';
import { type Context, searchPath } from '../context.ts';

/** So many looks in a row may fail before the store is left to the next heartbeat. */
const mostTries = 3;

/** The gate's file, as far as it is about the store. `failed`: looks in a row that found out nothing. */
const gateForm = v.looseObject({
  touched: v.object({ file: v.string(), stamp: v.number(), failed: v.optional(v.number(), 0) }),
});

/**
 * Somebody wrote to the town's beads between two heartbeats: is a request among it? Where none is, the same change is not
 * looked at again, so that a town whose agents write all day pays one listing a minute. A request is looked for again until
 * nothing waits. The lock is in hand.
 */
export async function requestWaitsInBeads(at: Layout, { env, now }: Context): Promise<boolean> {
  const read = readConfig(at);
  if (read.kind === 'invalid') return false;
  const { config } = read;
  if (storeKind(at.root, config.store ?? 'auto') !== 'beads') {
    watch(at, undefined);
    return false;
  }
  const path = [...searchPath(env), ...config.path];
  const beads = beadsOf(at.root, { now: () => now().getTime(), env, path, run: createRun({ path }) });
  const looked = await lookForRequests(beads);
  if (!looked.known) {
    lookFailed(at, looked.reason, now());
    return false;
  }
  const { waits, touched } = looked.value;
  watch(at, waits ? lookAgain(touched) : touched);
  return waits;
}

/** Counts the look that failed; after the last try nothing is watched until a heartbeat has heard of the store again. */
function lookFailed(at: Layout, reason: string, now: Date): void {
  const gate = gateOf(at);
  if (gate === null) return;
  const failed = gate.touched.failed + 1;
  watch(at, failed < mostTries ? { ...gate.touched, failed } : undefined);
  if (failed > 1) return;
  const then = `it is tried ${mostTries} times, then left to the next heartbeat`;
  const text = `What was written to the town’s beads was not seen: ${reason}; ${then}.`;
  appendEvent(
    at,
    { at: now.toISOString(), kind: 'look-failed', agent: null, pass: null, text, evidence: {} },
    { rotate: true },
  );
}

/** What the gate is to watch from now on; everything else it knows stays. */
function watch(at: Layout, touched: (Touched & { readonly failed?: number }) | undefined): void {
  const gate = gateOf(at);
  if (gate !== null) writeJson(at.dueFile, { ...gate, touched }, { fsync: false });
}

function gateOf(at: Layout): v.InferOutput<typeof gateForm> | null {
  const read = readJson(at.dueFile);
  const parsed = read.kind === 'ok' ? v.safeParse(gateForm, read.value) : null;
  return parsed?.success ? parsed.output : null;
}
