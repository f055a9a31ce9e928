import * as v from 'valibot';
import type { TickConfig } from '../model/config.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';
import type { Layout } from '../town/layout.ts';
import { firstIssue, type Read } from './json.ts';
import { withSnakeKeys } from './key-case.ts';
import { snapshotSchema } from './pass-schema.ts';
import { readPass } from './passes.ts';
import { parseStateDocument, stateVersion } from './state-file.ts';

/** A stored pass, complete enough to be decided once more. `plan` and `report` are as they were written. */
export interface StoredPass {
  readonly snapshot: Snapshot;
  readonly state: State;
  readonly tick: TickConfig;
  readonly manner: {
    readonly careful: boolean;
    /** As it was spelled. */
    readonly only: string | null;
    readonly part: 'all' | 'lifecycle';
    /** The command whose deeds these were: no rule decided them. */
    readonly byHand?: string | undefined;
  };
  readonly plan: unknown;
  readonly report: unknown;
}

const number = v.number();
const duration = number;

const tickSchema: v.GenericSchema<unknown, TickConfig> = v.object({
  everyMs: duration,
  tiers: v.array(v.object({ belowMs: v.nullable(duration), intervalMs: duration })),
  staleMs: duration,
  veryStaleMs: duration,
  poke: v.object({
    idle: v.picklist(['when-needed', 'always']),
    strategy: v.picklist(['fixed', 'geometric', 'exponential']),
    baseMs: duration,
    capMs: duration,
    factor: number,
    slotMs: duration,
  }),
  newbornMs: duration,
  keep: v.array(v.picklist(['mayor', 'refinery'])),
  budgets: v.object({ starts: number, kills: number, nudges: number, passMs: duration }),
  childTimeoutMs: duration,
  misprimed: v.exactOptional(v.picklist(['tell', 'restart'])),
  machine: v.exactOptional(
    v.object({ maxLoadPerCpu: v.nullable(number), minFreeMemory: v.nullable(number) }),
  ),
  brakes: v.object({
    firstMs: duration,
    capMs: duration,
    deaths: number,
    windowMs: duration,
    openMs: duration,
    openCapMs: duration,
    healthyMs: duration,
    workDeaths: number,
    byHand: number,
    requested: number,
  }),
  work: v.object({ staleMs: duration, guppMs: duration, last: v.picklist(['tell', 'restart']) }),
  spawnMs: duration,
  alerts: v.object({
    mail: v.boolean(),
    command: v.array(v.string()),
    status: v.boolean(),
    remindMs: duration,
  }),
  night: v.object({ from: number, to: number, starts: number, nudges: number }),
});

const passSchema = v.object({
  snapshot: snapshotSchema,
  state: v.unknown(),
  config: v.object({ tick: tickSchema }),
  manner: v.optional(
    v.object({
      careful: v.boolean(),
      only: v.nullable(v.string()),
      part: v.picklist(['all', 'lifecycle']),
      byHand: v.optional(v.string()),
    }),
    { careful: false, only: null, part: 'all' },
  ),
  plan: v.unknown(),
  report: v.unknown(),
});

/** Keys below these belong to others. */
const free = new Set(['agents', 'evidence', 'details']);

/** One stored pass. `invalid`: an older `gt` wrote it, or it is damaged. Never throws. */
export function readStoredPass(layout: Layout, pass: string): Read<StoredPass> {
  const read = readPass(layout, pass);
  if (read.kind !== 'ok') return read;
  const parsed = v.safeParse(passSchema, read.value, { abortEarly: true });
  if (!parsed.success) return { kind: 'invalid', reason: firstIssue(parsed.issues) };
  const { state: written, config, ...rest } = parsed.output;
  const state = stateIn(written);
  return state === null
    ? { kind: 'invalid', reason: 'holds no state that can be read' }
    : { kind: 'ok', value: { ...rest, state, tick: config.tick }, bytes: read.bytes };
}

/** A pass keeps the state with the keys of our types; the state's own file has others. */
function stateIn(written: unknown): State | null {
  const outside = withSnakeKeys(written, free);
  if (typeof outside !== 'object' || outside === null) return null;
  const agents = 'agents' in outside ? outside.agents : {};
  const memories = Object.entries(typeof agents === 'object' && agents !== null ? agents : {});
  const document = parseStateDocument({
    ...outside,
    schema: stateVersion,
    agents: Object.fromEntries(memories.map(([id, memory]) => [id, withSnakeKeys(memory, free)])),
  });
  return document.kind === 'ok' ? document.state : null;
}
