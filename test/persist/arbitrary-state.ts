import fc from 'fast-check';
import type { Condition } from '../../src/model/condition.ts';
import type { Action } from '../../src/model/plan.ts';
import type { AgentMemory, Moment, State } from '../../src/model/state.ts';

/** Any state the tick could have. Typed by the model, so a new field fails to compile until it is here too. */
const finite = fc
  .double({ noDefaultInfinity: true, noNaN: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));
const time = fc
  .date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const moment: fc.Arbitrary<Moment> = fc.record({ at: time, awake: finite });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const id = fc.constantFrom('deacon', 'mayor', 'proj/witness', 'proj/crew/Max_1', 'Rig-B/polecats/toast');

const memory: fc.Arbitrary<AgentMemory> = fc.record({
  started: orNull(
    fc.record(
      {
        at: time,
        awake: finite,
        pane: fc.string(),
        panePid: fc.nat(),
        serverPid: fc.nat(),
        sighted: fc.constant(true as const),
        ours: fc.constant(true as const),
        reported: fc.constant(true as const),
      },
      { requiredKeys: ['at', 'awake', 'pane', 'panePid', 'serverPid'] },
    ),
  ),
  shellSightings: fc.nat(),
  troubleSince: orNull(time),
  backoff: orNull(fc.record({ intervalMs: fc.nat(), misses: fc.nat(), lastPoke: orNull(moment) })),
  slot: orNull(
    fc.record({ sent: moment, consumed: fc.boolean(), text: fc.string(), stranded: fc.boolean() }),
  ),
  lastMessage: orNull(fc.nat()),
  deferrals: orNull(fc.record({ count: fc.nat(), reason: fc.string(), since: time })),
  futureStamp: orNull(fc.record({ stamp: finite, seen: moment })),
  lastDeath: orNull(fc.record({ at: time, status: orNull(fc.nat()), signal: orNull(fc.string()) })),
  brake: orNull(
    fc.record({
      attempts: fc.nat(),
      lastStart: orNull(moment),
      deaths: fc.array(finite),
      down: fc.boolean(),
      open: orNull(fc.record({ since: time, untilAwake: finite, waitMs: finite })),
      probing: fc.boolean(),
      vanished: fc.array(finite),
      withheld: orNull(time),
      requested: fc.array(finite),
      failure: orNull(fc.string()),
    }),
  ),
  ladder: orNull(
    fc.record({
      rung: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 5 as const),
      at: moment,
      wall: finite,
    }),
  ),
  blocked: orNull(
    fc.record({
      kind: fc.constantFrom('limit' as const, 'login' as const, 'dialog' as const, 'context' as const),
      detail: fc.string(),
      since: time,
      until: orNull(time),
      lookAwake: finite,
      looks: fc.nat(),
    }),
  ),
  misprimed: orNull(
    fc.record(
      { since: time, as: orNull(id), corrected: orNull(time), spared: finite },
      { requiredKeys: ['since', 'as', 'corrected'] },
    ),
  ),
  touched: orNull(moment),
});

const evidence = fc.dictionary(
  fc
    .stringMatching(/^[a-zA-Z_]{1,12}$/)
    .filter((key) => !['__proto__', 'prototype', 'constructor'].includes(key)),
  fc.oneof(fc.string(), finite, fc.boolean(), fc.constant(null)),
  { noNullPrototype: true },
);
const notice = fc.constantFrom('opened' as const, 'reminder' as const, 'recovered' as const);
const channels = fc.array(fc.constantFrom('mail' as const, 'command' as const));

const condition: fc.Arbitrary<Condition> = fc.record(
  {
    key: fc.string(),
    code: fc.string(),
    agent: orNull(id),
    to: fc.string(),
    subject: fc.string(),
    text: fc.string(),
    details: evidence,
    hint: fc.string(),
    opened: time,
    began: finite,
    seen: moment,
    over: orNull(time),
    flaps: fc.nat(),
    acknowledged: orNull(fc.record({ by: fc.string(), at: time })),
    owed: orNull(fc.record({ kind: notice, channels, tries: fc.nat() })),
    told: orNull(fc.record({ at: time, awake: finite, kind: notice })),
    parts: fc.array(fc.record({ name: fc.string(), seen: finite, told: fc.boolean() })),
  },
  {
    requiredKeys: [
      'key',
      'code',
      'agent',
      'to',
      'subject',
      'text',
      'details',
      'hint',
      'opened',
      'seen',
      'over',
      'flaps',
      'acknowledged',
      'owed',
      'told',
    ],
  },
);

const common = {
  id: fc.string(),
  agent: id,
  session: fc.string(),
  why: fc.string(),
  evidence,
};

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ ...common, kind: fc.constant('start' as const) }),
  fc.record({ ...common, kind: fc.constant('recreate' as const), pane: fc.string(), panePid: fc.nat() }),
  fc.record({
    ...common,
    kind: fc.constant('nudge' as const),
    pane: fc.string(),
    panePid: fc.nat(),
    text: fc.string(),
    finish: fc.boolean(),
  }),
  fc.record({ ...common, kind: fc.constant('kill' as const), pane: fc.string(), panePid: fc.nat() }),
  fc.record({
    ...common,
    kind: fc.constant('alert' as const),
    condition: fc.string(),
    notice,
    to: fc.string(),
    channels,
    subject: fc.string(),
    body: fc.string(),
    token: fc.string(),
    retried: fc.boolean(),
    standing: orNull(fc.nat()),
  }),
);

export const anyState: fc.Arbitrary<State> = fc.record({
  running: fc.boolean(),
  pid: fc.nat(),
  startedAt: orNull(time),
  lastHeartbeat: orNull(time),
  heartbeatCount: fc.nat(),
  clock: orNull(
    fc.record({
      wall: finite,
      awake: finite,
      uptime: finite,
      boot: fc.string(),
      townAwake: finite,
      agesFrom: finite,
    }),
  ),
  home: orNull(fc.record({ socket: fc.string(), serverPid: fc.nat(), serverStarted: fc.nat() })),
  rigs: fc.array(fc.string()),
  claims: fc.array(fc.record({ message: fc.string(), agent: id, panePid: orNull(fc.nat()) })),
  work: fc.array(
    fc.record({ work: fc.string(), agent: id, seen: moment, deaths: fc.nat(), parked: orNull(time) }),
  ),
  conditions: fc.array(condition),
  bill: fc.array(
    fc.record({
      day: fc.string(),
      agent: id,
      starts: fc.nat(),
      nudges: fc.nat(),
      kills: fc.nat(),
      followed: fc.nat(),
    }),
  ),
  night: orNull(fc.record({ night: fc.string(), starts: fc.nat(), nudges: fc.nat() })),
  agents: fc.dictionary(id, memory, { noNullPrototype: true }),
  intent: orNull(fc.record({ pass: fc.string(), at: time, actions: fc.array(action) })),
});
