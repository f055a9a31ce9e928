import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Pane } from '../../model/pane.ts';
import type { Rig } from '../../model/rig.ts';
import { oneLine } from '../../show/printable.ts';
import { resolveIdentity } from '../../town/resolve.ts';
import type { Context } from '../context.ts';
import type { TownSeen } from '../pane-teller.ts';
import { agentMeant, around, knownRigs } from '../talk/targets.ts';

export function rigsSeen({ sight }: TownSeen): readonly Rig[] {
  return knownRigs(sight.snapshot);
}

/** The rig a command is about: the one named, else the caller's, else all of them. An unknown one → exit 1. */
export function rigsAsked(given: string | undefined, seen: TownSeen, context: Context): readonly Rig[] {
  const rigs = rigsSeen(seen);
  if (given === undefined) {
    const { rig } = around(seen, context);
    return rig === null ? rigs : rigs.filter(({ name }) => name === rig);
  }
  const found = rigs.filter(({ name }) => name === given.replace(/\/$/, ''));
  if (found.length > 0) return found;
  throw new Failure(
    'rig-unknown',
    exitStatus.failed,
    `Error: rig not found: ${oneLine(given)}`,
    'gt rig list',
  );
}

/**
 * The agent whose session is meant (spec/agents.md §1.6): `R/N` is a polecat before it is anything else, a bare word one of
 * the caller's rig; every other spelling of any agent will do as well.
 */
export function sessionAsked(given: string, seen: TownSeen, context: Context): Agent {
  const near = around(seen, context);
  const rigs = knownRigs(near);
  const text = given.trim();
  const isName = !text.includes('/') && resolveIdentity(text, rigs).kind !== 'agent';
  if (isName && near.rig === null) {
    throw new Failure(
      'address-unknown',
      exitStatus.failed,
      `invalid address format: expected 'rig/polecat', got '${oneLine(text)}'`,
      'gt session list',
    );
  }
  const full = isName ? `${near.rig}/${text}` : text;
  const polecat = resolveIdentity(full.replace(/^([^/]+)\/([^/]+)$/, '$1/polecats/$2'), rigs);
  return polecat.kind === 'agent' ? polecat.agent : agentMeant(full, near);
}

/** The pane an agent's session shows; null when there is no such session of this town. */
export function paneSeen(agent: Agent, { sight, findings }: TownSeen): Pane | null {
  const finding = findings.get(agent.id);
  const { tmux, town } = sight.snapshot;
  if (finding === undefined || finding.liveness.is === 'foreign') return null;
  const panes = tmux.known && tmux.value.kind === 'running' ? tmux.value.panes : [];
  const own = panes.filter((pane) => pane.session === finding.session && pane.town === town);
  const { liveness } = finding;
  return own.find((pane) => 'pane' in liveness && pane.pane === liveness.pane) ?? own[0] ?? null;
}

/** Whether an agent has a session of this town; null: that cannot be told. */
export function isRunning(agent: Agent, seen: TownSeen): boolean | null {
  return paneSeen(agent, seen) !== null || (isAlive(agent, seen) === null ? null : false);
}

/** Whether the agent itself lives in its session; null: that cannot be told. */
export function isAlive(agent: Agent, { findings }: TownSeen): boolean | null {
  const liveness = findings.get(agent.id)?.liveness;
  return liveness === undefined || liveness.is === 'unknown' ? null : liveness.is === 'alive';
}
