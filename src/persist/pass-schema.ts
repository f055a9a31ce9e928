import * as v from 'valibot';
import type { Agent } from '../model/agent.ts';
import type { AgentRecord } from '../model/agent-record.ts';
import type { Fact } from '../model/fact.ts';
import type { Message } from '../model/message.ts';
import type { Pane } from '../model/pane.ts';
import type { Hold, Rig } from '../model/rig.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What a stored pass holds of the world it saw, so that the same can be decided once more. */

const text = v.string();
const number = v.number();
const nullable = <T>(schema: v.GenericSchema<unknown, T>) => v.nullable(schema);
const texts = v.array(text);

function fact<T>(value: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Fact<T>> {
  return v.variant('known', [
    v.object({ known: v.literal(true), value }),
    v.object({ known: v.literal(false), reason: text }),
  ]);
}

const agent: v.GenericSchema<unknown, Agent> = v.variant('role', [
  v.object({ id: text, role: v.picklist(['mayor', 'deacon']) }),
  v.object({ id: text, role: v.picklist(['witness', 'refinery']), rig: text }),
  v.object({ id: text, role: v.picklist(['crew', 'polecat']), rig: text, name: text }),
]);

const pane: v.GenericSchema<unknown, Pane> = v.object({
  session: text,
  pane: text,
  pid: number,
  command: text,
  columns: number,
  rows: number,
  dead: nullable(v.object({ status: nullable(number), signal: nullable(text), at: nullable(number) })),
  attached: number,
  inMode: v.boolean(),
  created: number,
  activity: number,
  town: nullable(text),
  agent: nullable(text),
  agentPane: nullable(text),
  launched: v.optional(v.boolean(), false),
  descendants: nullable(fact(v.array(v.object({ pid: number, command: text })))),
});

const rig: v.GenericSchema<unknown, Rig> = v.object({ name: text, crew: texts, polecats: texts });

const hold: v.GenericSchema<unknown, Hold> = v.object({
  target: text,
  kind: v.picklist(['hold', 'parked', 'estop', 'shutdown']),
  reason: text,
  by: text,
  since: nullable(text),
  until: nullable(text),
});

const message: v.GenericSchema<unknown, Message> = v.object({
  id: text,
  from: text,
  to: text,
  cc: texts,
  subject: text,
  body: text,
  at: nullable(text),
  priority: v.picklist(['urgent', 'high', 'normal', 'low']),
  type: v.picklist(['task', 'scavenge', 'notification', 'reply']),
  pinned: v.boolean(),
  thread: text,
  replyTo: nullable(text),
});

const agentRecord: v.GenericSchema<unknown, AgentRecord> = v.object({
  agent: text,
  state: nullable(text),
  notifications: nullable(text),
  cleanup: nullable(text),
  updated: nullable(text),
});

const warning = v.object({ code: text, message: text });

/** Passes that an older `gt` stored lack what it did not look at: then nothing of it was known. */
export const snapshotSchema: v.GenericSchema<unknown, Snapshot> = v.object({
  town: text,
  now: v.object({ wall: number, awake: number, uptime: number, boot: text }),
  obstacles: v.array(
    v.object({
      code: v.picklist([
        'go-daemon',
        'socket-vanished',
        'socket-moved',
        'tmux-missing',
        'tmux-not-answering',
      ]),
      message: text,
      exit: number,
    }),
  ),
  tmux: fact(
    v.variant('kind', [
      v.object({ kind: v.literal('absent'), socket: text }),
      v.object({
        kind: v.literal('running'),
        socket: text,
        pid: number,
        started: number,
        panes: v.array(pane),
      }),
    ]),
  ),
  rigs: fact(v.array(rig)),
  agents: v.array(agent),
  holds: fact(v.array(hold)),
  signs: v.record(
    text,
    v.object({
      stamp: fact(nullable(number)),
      pane: v.exactOptional(v.object({ pane: text, server: number })),
      awaits: v.exactOptional(v.object({ since: number, until: number })),
    }),
  ),
  firstSigns: v.exactOptional(v.record(text, v.object({ hooks: v.boolean(), as: nullable(text) }))),
  activity: fact(nullable(number)),
  programs: v.record(
    text,
    v.object({
      runtime: text,
      program: text,
      found: nullable(text),
      processes: texts,
      hooks: v.exactOptional(v.literal(true)),
    }),
  ),
  hooked: fact(v.array(v.object({ id: text, title: text, agent: text, since: nullable(text) }))),
  silentRigs: v.exactOptional(texts),
  records: fact(v.record(text, agentRecord)),
  machine: v.exactOptional(v.object({ loadPerCpu: fact(number), freeMemory: fact(number) })),
  waiting: v.record(text, v.object({ mail: number })),
  keeper: fact(v.object({ waiting: v.array(message), claimed: v.array(message) })),
  flags: v.record(text, fact(v.array(v.picklist(['cycle', 'restart', 'shutdown'])))),
  warnings: v.array(warning),
});
