import * as v from 'valibot';
import { readKept, writeKept } from './kept-file.ts';
import type { Health } from './sickness.ts';

/** Views are parsed only when one has to stand in for a silent store: in a big town they are long. */
export type Healths = ReadonlyMap<string, Health<unknown>>;

const form = v.object({
  v: v.literal(1),
  stores: v.record(
    v.string(),
    v.object({
      trouble: v.nullable(
        v.object({
          since: v.number(),
          failures: v.number(),
          reason: v.string(),
          probeAt: v.nullable(v.number()),
        }),
      ),
      last: v.nullable(v.object({ at: v.number(), view: v.unknown() })),
    }),
  ),
});

/** Where a town's passes remember how its stores do. */
function healthFile(root: string): string {
  return `${root}/daemon/store.json`;
}

export function readHealths(root: string): Healths {
  return new Map(Object.entries(readKept(healthFile(root), form)?.stores ?? {}));
}

export function writeHealths(root: string, healths: Healths): void {
  writeKept(healthFile(root), { v: 1, stores: Object.fromEntries(healths) });
}
