import { type Message, protocolOf } from '../model/message.ts';
import type { Action, Note } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { worker } from '../town/identity.ts';
import type { Occasion } from './judge.ts';
import { clockSkewMs } from './request-age.ts';
import type { View } from './rule.ts';

/** What a polecat is told once it is ready (spec/tick.md §4.4.2). */
const beginText = 'Begin.';

/**
 * `POLECAT_STARTED` mails in the keeper's box: the polecat they name is told `Begin.` once its composer is ready, and the
 * mail is settled with that; one that is older than `staleMs`, or dated in the future, is retired (spec/tick.md §4.4.2). The mail itself is the
 * record: nothing shadows it. A session that is not this town's, or not the one the mail names, is never typed into.
 */
export function pendingSpawns(
  { keeper, rigs, holds, now }: Snapshot,
  views: readonly View[],
  staleMs: number,
  careful: boolean,
): readonly Occasion[] {
  if (!keeper.known || !rigs.known) return [];
  const all = [
    ...keeper.value.waiting.map((message) => ({ message, resumed: false })),
    ...keeper.value.claimed.map((message) => ({ message, resumed: true })),
  ].filter(({ message }) => protocolOf(message.subject) === 'spawn');
  if (all.length === 0) return [];
  const byId = new Map(views.map((view) => [view.agent.id, view]));
  const begun = new Set<string>();
  return all.map(({ message, resumed }): Occasion => {
    const spawn = parseSpawn(message);
    const view = spawn === null ? undefined : byId.get(spawn.agent);
    const id = spawn?.agent ?? 'deacon';
    const retired = (why: string, sentence: string): Occasion => ({
      agent: id,
      verdict: { action: retire(message, id, resumed, why, sentence) },
    });
    const waits = (why: string): Occasion => ({ agent: id, verdict: { note: noteOf(id, why, message) } });
    const sent = message.at === null ? Number.NaN : Date.parse(message.at);
    if (spawn === null) return retired('unreadable', 'It names no polecat.');
    if (Number.isNaN(sent)) return retired('undated', 'It carries no readable date.');
    if (now.wall - sent > staleMs) return retired('too-old', 'Its polecat was not ready in time.');
    if (sent - now.wall > clockSkewMs) return retired('from-the-future', 'It is dated in the future.');
    if (view === undefined) return waits('no-such-agent');
    if (spawn.session !== null && spawn.session !== view.session)
      return retired('foreign-session', 'It names a session that is not its polecat’s.');
    if (!holds.known) return waits('holds-unknown');
    if (view.hold !== null || careful) return waits(careful ? 'careful' : 'held');
    if (view.liveness.is !== 'alive') return waits('spawn-waiting');
    if (begun.has(id)) return retired('superseded', 'Another such mail is answered already.');
    begun.add(id);
    const { pane, panePid } = view.liveness;
    return {
      agent: id,
      verdict: {
        action: {
          kind: 'nudge',
          id: `nudge:${message.id}`,
          agent: id,
          session: view.session,
          pane,
          panePid,
          text: beginText,
          finish: resumed,
          spawn: { message: message.id, resumed },
          why: 'spawned',
          evidence: { mail: message.id },
        },
      },
    };
  });
}

/** Reads `POLECAT_STARTED <rig>/<polecat>` and the body's `Session:` line. Null: it names no polecat. */
function parseSpawn({
  subject,
  body,
}: Pick<Message, 'subject' | 'body'>): { readonly agent: string; readonly session: string | null } | null {
  const [, rig, name] = /^polecat_started ([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)\s*$/i.exec(subject) ?? [];
  if (rig === undefined || name === undefined) return null;
  const [, session] = /^[ \t]*session:[ \t]*(\S+)[ \t]*$/im.exec(body) ?? [];
  return { agent: worker(rig, 'polecat', name).id, session: session ?? null };
}

function noteOf(agent: string, why: string, message: Message): Note {
  return { agent, rule: 'spawn', why, evidence: { mail: message.id } };
}

function retire(message: Message, agent: string, resumed: boolean, why: string, sentence: string): Action {
  return {
    kind: 'settle',
    id: `settle:${message.id}`,
    agent,
    session: '',
    message: message.id,
    sender: 'overseer',
    deed: 'retire',
    resumed,
    pane: null,
    panePid: null,
    refusal: { why, sentence, reply: false },
    flag: null,
    why,
    evidence: { mail: message.id, sent: message.at },
  };
}
