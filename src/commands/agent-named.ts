import { exitStatus, Failure } from '../exit.ts';
import type { AgentId } from '../model/agent.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { resolveIdentity } from '../town/resolve.ts';

/** The agent a person means; throws a usage failure that names the nearest one. */
export function agentNamed(given: string, { rigs }: Pick<Snapshot, 'rigs'>): AgentId {
  if (!rigs.known)
    throw new Failure(
      'rigs-unknown',
      exitStatus.data,
      `Which agents exist is unknown: ${rigs.reason}`,
      'gt rig list',
    );
  const resolved = resolveIdentity(given, rigs.value);
  switch (resolved.kind) {
    case 'agent':
      return resolved.agent.id;
    case 'ambiguous':
      throw new Failure(
        'agent-ambiguous',
        exitStatus.usage,
        `${given} may be ${resolved.candidates.join(' or ')}.`,
        'gt status',
      );
    case 'unknown': {
      const meant = resolved.nearest === null ? '' : ` Did you mean ${resolved.nearest}?`;
      throw new Failure(
        'agent-unknown',
        exitStatus.usage,
        `There is no agent ${given} in this town.${meant}`,
        'gt status',
      );
    }
  }
}
