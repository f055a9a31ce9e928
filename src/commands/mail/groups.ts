import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Fact } from '../../model/fact.ts';
import type { Mailbox } from '../../model/message.ts';
import type { Rig } from '../../model/rig.ts';
import { agentsOf } from '../../town/identity.ts';
import { mailboxOfAgent } from '../../town/mailbox.ts';
import { nearest } from '../../town/nearest.ts';
import { type Recipient, readerOf } from './recipient.ts';

const groups = [
  '@town',
  '@witnesses',
  '@refineries',
  '@deacons',
  '@overseer',
  '@rig/',
  '@crew/',
  '@polecats/',
] as const;

/** Everybody of a group like `@witnesses` or `@rig/R`, derived from the town's rigs; an empty or unknown one is refused. */
export function groupOf(text: string, rigs: Fact<readonly Rig[]>): readonly Recipient[] {
  if (!rigs.known) {
    throw new Failure(
      'rigs-unknown',
      exitStatus.failed,
      `Who belongs to ${text} is unknown: ${rigs.reason}.`,
      'gt rig list',
    );
  }
  const agents = agentsOf(rigs.value).filter(memberOf(text, rigs.value));
  const boxes = new Map<Mailbox, Recipient>();
  for (const agent of agents) boxes.set(mailboxOfAgent(agent), readerOf(agent, rigs.value));
  if (boxes.size === 0)
    throw new Failure(
      'no-recipients',
      exitStatus.failed,
      `no recipients found for group: ${text}`,
      'gt rig list',
    );
  return [...boxes.values()];
}

function memberOf(text: string, rigs: readonly Rig[]): (agent: Agent) => boolean {
  const [group = '', name] = text.split('/', 2);
  const ofRig = (agent: Agent): boolean => 'rig' in agent && agent.rig === name;
  if (name !== undefined && rigs.every((rig) => rig.name !== name)) {
    const meant = nearest(
      name,
      rigs.map((rig) => rig.name),
    );
    throw unknownGroup(text, meant === null ? null : `${group}/${meant}`);
  }
  switch (name === undefined ? group : `${group}/`) {
    case '@town':
      return (agent) => agent.role === 'mayor' || agent.role === 'deacon';
    case '@deacons':
      return (agent) => agent.role === 'deacon';
    case '@witnesses':
      return (agent) => agent.role === 'witness';
    case '@refineries':
      return (agent) => agent.role === 'refinery';
    case '@rig/':
      return ofRig;
    case '@crew/':
      return (agent) => agent.role === 'crew' && ofRig(agent);
    case '@polecats/':
      return (agent) => agent.role === 'polecat' && ofRig(agent);
    default:
      throw unknownGroup(text, nearest(text, groups));
  }
}

function unknownGroup(text: string, meant: string | null): Failure {
  const advice = meant === null ? '' : `; did you mean ${meant}?`;
  return new Failure(
    'unknown-group',
    exitStatus.failed,
    `There is no group ${JSON.stringify(text)}${advice}`,
    'gt mail send --help',
  );
}
