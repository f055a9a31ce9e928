import * as v from 'valibot';
import type { Brake } from '../model/brake.ts';
import type { Condition } from '../model/condition.ts';
import type { Action } from '../model/plan.ts';
import { type AgentMemory, firstState, noMemory, type State } from '../model/state.ts';
import { isPlainObject, withCamelKeys } from './key-case.ts';

/**
 * What `daemon/state.json` may hold (spec/tick.md §2.4 for upstream's keys; design: state). Fields that an older version did not
 * know have the value of a first state; a field that is there and wrong makes the whole file invalid.
 */

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(number, v.integer(), v.minValue(0));
const text = v.string();
const time = v.pipe(
  text,
  v.check((value) => !Number.isNaN(Date.parse(value)), 'is not a time'),
);

/** Upstream writes year 1 for "never" (spec/tick.md §2.2). */
const upstreamTime = v.pipe(
  v.nullish(text, null),
  v.transform((value) => (value === null || !(Date.parse(value) >= Date.UTC(1970, 0)) ? null : value)),
);

/** Upstream's numbers are 64 bits wide; one that is absurd here counts as the nearest sensible one. */
const upstreamCount = v.pipe(
  v.nullish(v.number(), 0),
  v.transform((value) => Math.max(0, Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER - 1))),
);

/** The library takes an array for an object. */
const plain = v.check(isPlainObject, 'is not an object');

function fields<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(v.unknown(), plain, v.transform(withCamelKeys), v.object(entries));
}

const momentEntries = { at: time, awake: number };
const moment = fields(momentEntries);

const brake: v.GenericSchema<unknown, Brake> = fields({
  attempts: count,
  lastStart: v.nullable(moment),
  deaths: v.array(number),
  down: v.boolean(),
  open: v.nullable(fields({ since: time, untilAwake: number, waitMs: number })),
  probing: v.boolean(),
  vanished: v.array(number),
  withheld: v.nullable(time),
  requested: v.array(number),
  failure: v.nullable(text),
});

const started = fields({
  ...momentEntries,
  pane: text,
  panePid: number,
  serverPid: number,
  sighted: v.exactOptional(v.literal(true)),
  ours: v.exactOptional(v.literal(true)),
  reported: v.exactOptional(v.literal(true)),
});
const slot = fields({
  sent: moment,
  consumed: v.boolean(),
  text: v.optional(text, ''),
  stranded: v.optional(v.boolean(), false),
});
const blocked = fields({
  kind: v.picklist(['limit', 'login', 'dialog', 'context']),
  detail: text,
  since: time,
  until: v.nullable(time),
  lookAwake: number,
  looks: count,
});
const misprimed = fields({
  since: time,
  as: v.nullable(text),
  corrected: v.nullable(time),
  spared: v.exactOptional(number),
});

const memory: v.GenericSchema<unknown, AgentMemory> = fields({
  started: v.optional(v.nullable(started), noMemory.started),
  shellSightings: v.optional(count, noMemory.shellSightings),
  troubleSince: v.optional(v.nullable(time), noMemory.troubleSince),
  backoff: v.optional(
    v.nullable(
      fields({ intervalMs: v.pipe(number, v.minValue(0)), misses: count, lastPoke: v.nullable(moment) }),
    ),
    noMemory.backoff,
  ),
  slot: v.optional(v.nullable(slot), noMemory.slot),
  lastMessage: v.optional(v.nullable(count), noMemory.lastMessage),
  deferrals: v.optional(v.nullable(fields({ count, reason: text, since: time })), noMemory.deferrals),
  futureStamp: v.optional(v.nullable(fields({ stamp: number, seen: moment })), noMemory.futureStamp),
  lastDeath: v.optional(
    v.nullable(fields({ at: time, status: v.nullable(number), signal: v.nullable(text) })),
    noMemory.lastDeath,
  ),
  brake: v.optional(v.nullable(brake), noMemory.brake),
  ladder: v.optional(
    v.nullable(fields({ rung: v.picklist([1, 2, 3, 4, 5]), at: moment, wall: number })),
    noMemory.ladder,
  ),
  blocked: v.optional(v.nullable(blocked), noMemory.blocked),
  misprimed: v.optional(v.nullable(misprimed), noMemory.misprimed),
  touched: v.optional(v.nullable(moment), noMemory.touched),
});

const evidence = v.record(text, v.union([text, number, v.boolean(), v.null()]));
const common = { id: text, agent: text, session: text, why: text, evidence };
const notice = v.picklist(['opened', 'reminder', 'recovered']);
const channels = v.array(v.picklist(['mail', 'command']));

const action: v.GenericSchema<unknown, Action> = v.pipe(
  v.unknown(),
  plain,
  v.transform(withCamelKeys),
  v.variant('kind', [
    v.object({ ...common, kind: v.literal('start') }),
    v.object({ ...common, kind: v.literal('recreate'), pane: text, panePid: number }),
    v.object({
      ...common,
      kind: v.literal('nudge'),
      pane: text,
      panePid: number,
      text,
      finish: v.optional(v.boolean(), false),
      spawn: v.exactOptional(v.object({ message: text, resumed: v.boolean() })),
    }),
    v.object({ ...common, kind: v.literal('kill'), pane: text, panePid: number }),
    v.object({
      ...common,
      kind: v.literal('settle'),
      message: text,
      sender: text,
      deed: v.picklist(['cycle', 'restart', 'shutdown', 'confirm', 'retire']),
      resumed: v.boolean(),
      pane: v.nullable(text),
      panePid: v.nullable(number),
      refusal: v.nullable(v.object({ why: text, sentence: text, reply: v.boolean() })),
      flag: v.optional(v.nullable(v.picklist(['cycle', 'restart', 'shutdown'])), null),
    }),
    v.object({
      ...common,
      kind: v.literal('mail'),
      message: text,
      mailbox: text,
      resumed: v.boolean(),
      pane: v.nullable(text),
      panePid: v.nullable(number),
    }),
    v.object({
      ...common,
      kind: v.literal('alert'),
      condition: text,
      notice,
      to: text,
      channels,
      subject: text,
      body: text,
      token: text,
      retried: v.boolean(),
      standing: v.nullable(count),
    }),
  ]),
);

const work = fields({ work: text, agent: text, seen: moment, deaths: count, parked: v.nullable(time) });

const condition: v.GenericSchema<unknown, Condition> = fields({
  key: text,
  code: text,
  agent: v.nullable(text),
  to: text,
  subject: text,
  text,
  details: evidence,
  hint: text,
  opened: time,
  began: v.exactOptional(number),
  seen: moment,
  over: v.nullable(time),
  flaps: count,
  acknowledged: v.nullable(fields({ by: text, at: time })),
  owed: v.nullable(fields({ kind: notice, channels, tries: count })),
  told: v.nullable(fields({ ...momentEntries, kind: notice })),
  parts: v.exactOptional(v.array(fields({ name: text, seen: number, told: v.boolean() }))),
});

const billLine = fields({
  day: text,
  agent: text,
  starts: count,
  nudges: count,
  kills: count,
  followed: count,
});

/** The document as parsed JSON → State. */
export const stateSchema: v.GenericSchema<unknown, State> = fields({
  running: v.nullish(v.boolean(), firstState.running),
  pid: upstreamCount,
  startedAt: upstreamTime,
  lastHeartbeat: upstreamTime,
  heartbeatCount: upstreamCount,
  clock: v.optional(
    v.nullable(
      fields({
        wall: number,
        awake: number,
        uptime: number,
        boot: text,
        townAwake: number,
        agesFrom: number,
      }),
    ),
    firstState.clock,
  ),
  home: v.optional(
    v.nullable(fields({ socket: text, serverPid: number, serverStarted: number })),
    firstState.home,
  ),
  rigs: v.optional(v.array(text), [...firstState.rigs]),
  agents: v.optional(v.pipe(v.unknown(), plain, v.record(text, memory)), { ...firstState.agents }),
  claims: v.optional(v.array(fields({ message: text, agent: text, panePid: v.nullable(number) })), [
    ...firstState.claims,
  ]),
  work: v.optional(v.array(work), [...firstState.work]),
  conditions: v.optional(v.array(condition), [...firstState.conditions]),
  bill: v.optional(v.array(billLine), [...firstState.bill]),
  night: v.optional(v.nullable(fields({ night: text, starts: count, nudges: count })), firstState.night),
  intent: v.optional(
    v.nullable(fields({ pass: text, at: time, actions: v.array(action) })),
    firstState.intent,
  ),
});
