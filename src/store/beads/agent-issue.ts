import type { Agent, AgentId } from '../../model/agent.ts';
import type { AgentRecord } from '../../model/agent-record.ts';
import { rigAgent, townAgent, worker } from '../../town/identity.ts';
import { dateOrNull } from '../files/dates.ts';
import type { Issue } from './issue.ts';
import { labelled, timeOf } from './issue.ts';

/**
 * Agent's record ↔ issue: a description of `key: value` lines, columns, and an id made of prefix, rig, role and name
 * (spec/agents.md §7.6, spec/tick.md §2.13). No field is ever trusted alone.
 */

/** The lines of a description by lower-case key: the first colon splits, later lines win, `null` and blank are nothing. */
function fieldsIn(description: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of description.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const key = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (/^[a-z_]+$/.test(key)) fields.set(key, value === 'null' ? '' : value);
  }
  return fields;
}

export function recordOf(issue: Issue): AgentRecord | null {
  const fields = fieldsIn(issue.description);
  const agent = agentOf(issue, fields);
  if (agent === null) return null;
  const written = dateOrNull(fields.get('updated') || null);
  const column = issue.agentState === '' ? null : issue.agentState;
  const columnIsNewer = column !== null && timeOf(issue.lastActivity) > timeOf(written);
  return {
    agent: agent.id,
    state: columnIsNewer ? column : fields.get('agent_state') || column,
    notifications: fields.get('notification_level') || null,
    cleanup: fields.get('cleanup_status') || null,
    updated: columnIsNewer ? issue.lastActivity : (written ?? issue.updated),
  };
}

/** Whom a record is about; null when it cannot be told. */
function agentOf(issue: Issue, fields: ReadonlyMap<string, string>): Agent | null {
  const id = issue.id;
  const rest = id.slice(id.indexOf('-') + 1);
  if (rest === 'mayor' || rest === 'deacon') return townAgent(rest);
  const titled = parseSlashes(issue.title);
  if (titled !== null) return titled;
  const rig = fields.get('rig') || labelled(issue, 'rig:') || null;
  const known = rig === null ? null : afterRig(rest, rig);
  if (rig !== null && known !== null) return spelled(rig, known);
  const found = /^(.+?)-(witness|refinery|crew-.+|polecat-.+)$/.exec(rest);
  return found?.[1] === undefined || found[2] === undefined ? null : spelled(found[1], found[2]);
}

function afterRig(rest: string, rig: string): string | null {
  return rest.startsWith(`${rig}-`) ? rest.slice(rig.length + 1) : null;
}

function spelled(rig: string, what: string): Agent | null {
  if (what === 'witness' || what === 'refinery') return rigAgent(rig, what);
  for (const role of ['crew', 'polecat'] as const)
    if (what.startsWith(`${role}-`) && what.length > role.length + 1)
      return worker(rig, role, what.slice(role.length + 1));
  return null;
}

/** An agent by its canonical id, which is the title of the records we make. */
export function parseSlashes(text: AgentId): Agent | null {
  if (text === 'mayor' || text === 'deacon') return townAgent(text);
  const [, rig, role, name] =
    /^([A-Za-z0-9_.-]+)\/(witness|refinery|crew|polecats)(?:\/([A-Za-z0-9_.-]+))?$/.exec(text) ?? [];
  if (rig === undefined) return null;
  if ((role === 'witness' || role === 'refinery') && name === undefined) return rigAgent(rig, role);
  if (name === undefined || (role !== 'crew' && role !== 'polecats')) return null;
  return worker(rig, role === 'crew' ? 'crew' : 'polecat', name);
}

/** The id of an agent's record in a store with this prefix (without its hyphen). */
export function recordId(agent: Agent, prefix: string): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `${prefix}-${agent.role}`;
    case 'witness':
    case 'refinery':
      return `${prefix}-${agent.rig}-${agent.role}`;
    case 'crew':
    case 'polecat':
      return `${prefix}-${agent.rig}-${agent.role}-${agent.name}`;
  }
}

/** The description with this record in it; keys and lines that are not ours stay as they are. */
export function describe(before: string, record: AgentRecord, agent: Agent): string {
  const rig = 'rig' in agent ? agent.rig : null;
  const wanted: readonly (readonly [string, string | null])[] = [
    ['role_type', agent.role],
    ['rig', rig],
    ['agent_state', record.state],
    ['notification_level', record.notifications],
    ['cleanup_status', record.cleanup],
    ['updated', record.updated],
  ];
  const text = before.trim() === '' ? `${agent.id}\n` : before.replace(/\n+$/, '');
  const lines = text.split('\n').filter((line) => {
    const key = line.slice(0, line.indexOf(':')).trim().toLowerCase();
    return !wanted.some(([name]) => name === key);
  });
  return [...lines, ...wanted.map(([key, value]) => `${key}: ${value ?? 'null'}`)].join('\n');
}
