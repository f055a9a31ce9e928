import * as v from 'valibot';
import type { AgentId } from '../../model/agent.ts';
import type { AgentRecord } from '../../model/agent-record.ts';
import type { Warning } from '../../model/snapshot.ts';
import { parseJson } from '../../persist/parse-json.ts';
import type { AgentRecords, Listing } from '../port.ts';
import { dateOrNull } from './dates.ts';
import { makeDir, namesIn, readPlain, replaceFile } from './disk.ts';
import { newId } from './id.ts';
import type { Means } from './means.ts';
import { decodeName, encodeName } from './names.ts';
import type { Place } from './place.ts';
import { answer } from './trouble.ts';

const stored = v.object({
  v: v.literal(1),
  agent: v.string(),
  agent_state: v.fallback(v.nullable(v.string()), null),
  notification_level: v.fallback(v.nullable(v.string()), null),
  cleanup_status: v.fallback(v.nullable(v.string()), null),
  updated: v.fallback(v.nullable(v.string()), null),
});

/** Agents' records in files: one for each agent, replaced whole. */
export function filesAgents(means: Means): AgentRecords {
  const { place } = means;
  return {
    list: () => answer("agents' records cannot be read", () => listAgents(place)),
    get: (agent) =>
      answer(`the record of ${agent} cannot be read`, () => {
        const read = readRecord(place, agent);
        if (read.kind === 'bad') throw Object.assign(new Error(`its file ${read.why}`), { code: 'EBADMSG' });
        return read.kind === 'record' ? read.record : null;
      }),
    put: (record) =>
      answer(`the record of ${record.agent} could not be saved`, () => {
        const { agent, state, notifications, cleanup, updated } = record;
        makeDir(place.agents);
        const path = `${place.agents}/${encodeName(agent)}.json`;
        const text = JSON.stringify({
          v: 1,
          agent,
          agent_state: state,
          notification_level: notifications,
          cleanup_status: cleanup,
          updated,
        });
        replaceFile(path, `${place.agents}/.${newId('tmp', means.now(), means.random)}`, text);
        return null;
      }),
  };
}

export function listAgents(place: Place): Listing<AgentRecord> {
  const warnings: Warning[] = [];
  const items = [...namesIn(place.agents)].sort().flatMap((file) => {
    if (file.startsWith('.')) return [];
    const agent = file.endsWith('.json') ? decodeName(file.slice(0, -'.json'.length)) : null;
    const read: ReadRecord =
      agent === null ? { kind: 'bad', why: 'is not an agent’s record' } : readRecord(place, agent);
    if (read.kind === 'record') return [read.record];
    if (read.kind === 'bad')
      warnings.push({
        code: 'record-unreadable',
        message: `${JSON.stringify(`${place.agents}/${file}`)} ${read.why} and was left out`,
      });
    return [];
  });
  return { items, warnings };
}

type ReadRecord =
  | { readonly kind: 'record'; readonly record: AgentRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad'; readonly why: string };

function readRecord(place: Place, agent: AgentId): ReadRecord {
  const plain = readPlain(`${place.agents}/${encodeName(agent)}.json`);
  if (plain.kind !== 'text') return plain;
  const parsed = v.safeParse(stored, parseJson(plain.text));
  if (!parsed.success || parsed.output.agent !== agent)
    return { kind: 'bad', why: 'holds no record of ours' };
  const {
    agent_state: state,
    notification_level: notifications,
    cleanup_status: cleanup,
    updated,
  } = parsed.output;
  return { kind: 'record', record: { agent, state, notifications, cleanup, updated: dateOrNull(updated) } };
}
