import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Fact } from '../../model/fact.ts';
import type { Rig } from '../../model/rig.ts';
import { oneLine } from '../../show/printable.ts';
import { agentsOf, rigAgent } from '../../town/identity.ts';
import { messagingEntry } from '../../town/messaging.ts';
import { resolveIdentity } from '../../town/resolve.ts';
import type { Context } from '../context.ts';
import { groupOf } from '../mail/groups.ts';
import type { TownSeen } from '../pane-teller.ts';
import { standingRig } from '../standing.ts';

/** Whom a command is about: one agent, or those of a group, where nobody minds if some do not run. */
export interface Targets {
  readonly agents: readonly Agent[];
  readonly group: boolean;
}

/** What a target is understood against. */
export interface Around {
  readonly root: string;
  readonly rigs: Fact<readonly Rig[]>;
  /** The rig that a bare `witness` belongs to; null: none. */
  readonly rig: string | null;
}

/**
 * The agents a target names (spec/agents.md §3.5): any spelling of an agent, a session's name, `witness` or `refinery`
 * of the caller's rig, `@witnesses` and the other groups of mail, `channel:X` of `config/messaging.json`.
 * Nobody → exit 1, with the nearest match.
 */
export function targetsOf(given: string, near: Around): Targets {
  const text = given.trim();
  const rigs = knownRigs(near);
  if (text.startsWith('channel:')) return { agents: inChannel(text.slice(8), near.root, rigs), group: true };
  if (text.startsWith('@')) return { agents: agentsIn(text, near.rigs), group: true };
  return { agents: [agentMeant(text, near)], group: false };
}

/** What was seen, as targets are understood against it. */
export function around({ at, sight }: TownSeen, context: Context): Around {
  const { rigs } = sight.snapshot;
  const names = rigs.known ? rigs.value.map(({ name }) => name) : [];
  return { root: at.root, rigs, rig: standingRig(at.root, context, names) };
}

/** The rigs, where they can be read. */
export function knownRigs({ rigs }: { readonly rigs: Fact<readonly Rig[]> }): readonly Rig[] {
  if (rigs.known) return rigs.value;
  const message = `Which agents exist is unknown: ${rigs.reason}.`;
  throw new Failure('rigs-unknown', exitStatus.failed, message, 'gt rig list');
}

/** One agent, by any spelling; exit 1 when there is none. */
export function agentMeant(given: string, near: Around): Agent {
  const { rig } = near;
  const rigs = knownRigs(near);
  const text = given.trim();
  if (text === 'witness' || text === 'refinery') {
    if (rig !== null) return rigAgent(rig, text);
    throw nobody(`Whose ${text}? Neither GT_RIG nor the current directory names a rig.`);
  }
  const resolved = resolveIdentity(text, rigs);
  switch (resolved.kind) {
    case 'agent':
      return resolved.agent;
    case 'ambiguous':
      throw new Failure(
        'agent-ambiguous',
        exitStatus.failed,
        `${oneLine(text)} may be ${resolved.candidates.join(' or ')}.`,
        'gt status',
      );
    case 'unknown': {
      const meant = resolved.nearest === null ? '' : ` Did you mean ${resolved.nearest}?`;
      throw nobody(`session ${JSON.stringify(oneLine(text))} not found: no agent is called so.${meant}`);
    }
  }
}

function nobody(message: string): Failure {
  return new Failure('agent-unknown', exitStatus.failed, message, 'gt status');
}

function agentsIn(text: string, rigs: Fact<readonly Rig[]>): readonly Agent[] {
  if (text === '@overseer') throw nobody('The overseer is a person and has no session: write mail.');
  return groupOf(text, rigs).flatMap(({ agents }) => agents);
}

/** Patterns like `proj/polecats/*`: a `*` stands for one part or a piece of it. */
function inChannel(name: string, root: string, rigs: readonly Rig[]): readonly Agent[] {
  const patterns = channelPatterns(root, name).map(expressionOf);
  const agents = agentsOf(rigs).filter((agent) =>
    patterns.some((pattern) => spellingsOf(agent).some((spelling) => pattern.test(spelling))),
  );
  if (agents.length > 0) return agents;
  throw nobody(`Nobody in this town belongs to channel:${oneLine(name)}.`);
}

function spellingsOf(agent: Agent): readonly string[] {
  return 'name' in agent ? [agent.id, `${agent.rig}/${agent.name}`] : [agent.id];
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.replace(/\/$/, '').split('*');
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[^A-Za-z0-9]/g, '\\$&')).join('[^/]*')}$`);
}

function channelPatterns(root: string, name: string): readonly string[] {
  const patterns = messagingEntry(root, 'nudge_channels', name);
  if (patterns !== null) return patterns;
  throw nobody(`There is no channel ${JSON.stringify(oneLine(name))} in config/messaging.json.`);
}
