import * as v from 'valibot';
import type { AgentId } from '../model/agent.ts';
import { firstState, noMemory, type State } from '../model/state.ts';
import { checksumOf } from './checksum.ts';
import { firstIssue } from './json.ts';
import { isPlainObject, snakeCase, withSnakeKeys } from './key-case.ts';
import { stateSchema } from './state-schema.ts';

/** The version of the state's form that this program writes. A newer one is never written over. */
export const stateVersion = 1;

/** What a state file holds besides the state: carried from load to save, so that nothing of others is lost. */
export interface Kept {
  /** How often the file was saved; 0: never by us. Grows by one with each save. */
  readonly generation: number;
  /** Fields that this version does not know, of the document and of each agent. */
  readonly top: Readonly<Record<string, unknown>>;
  readonly agents: Readonly<Record<AgentId, Readonly<Record<string, unknown>>>>;
}

export const nothingKept: Kept = { generation: 0, top: {}, agents: {} };

/** How a document reads. `invalid`'s reason completes "the file …". */
export type StateDocument =
  | {
      readonly kind: 'ok';
      readonly state: State;
      readonly kept: Kept;
      readonly origin: 'sealed' | 'unsealed' | 'go';
    }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'invalid'; readonly reason: string };

const envelope = ['schema', 'generation', 'checksum'];
const upstream = ['running', 'pid', 'started_at', 'last_heartbeat', 'heartbeat_count'];
const topFields = new Set([...Object.keys(firstState).map(snakeCase), ...envelope]);
const ownFields = [...topFields].filter((name) => !upstream.includes(name));
const agentFields = new Set(Object.keys(noMemory).map(snakeCase));
const freeKeys = new Set(['agents', 'evidence', 'details']);

/**
 * Reads a parsed state document. Without any field of ours it is upstream's (spec/tick.md §2.4) and counts as history.
 * With a checksum that does not fit it is damaged. With none at all it was edited by a person, who had to take the
 * checksum out to be believed: accepted, since JSON that is cut short or zero-filled does not parse.
 */
export function parseStateDocument(document: unknown): StateDocument {
  if (!isPlainObject(document)) return { kind: 'invalid', reason: 'is not a JSON object' };
  const { schema, checksum: sum, ...rest } = document;
  const go = !ownFields.some((name) => Object.hasOwn(document, name));
  if (go && !upstream.some((name) => Object.hasOwn(document, name))) {
    return { kind: 'invalid', reason: 'holds none of the fields of a state' };
  }
  if (!go) {
    if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 1) {
      return { kind: 'invalid', reason: 'has no valid "schema"' };
    }
    if (schema > stateVersion) return { kind: 'newer', version: schema };
  }
  if (!isShallow(rest, 64)) return { kind: 'invalid', reason: 'is nested too deeply' };
  if (sum !== undefined && sum !== seal({ ...rest, schema })) {
    return { kind: 'invalid', reason: 'does not fit its checksum' };
  }
  const parsed = v.safeParse(stateSchema, rest, { abortEarly: true });
  if (!parsed.success) return { kind: 'invalid', reason: firstIssue(parsed.issues) };
  const origin = go ? 'go' : sum === undefined ? 'unsealed' : 'sealed';
  return { kind: 'ok', state: parsed.output, kept: keptOf(rest), origin };
}

/** The document of a state, upstream's fields first, unknown ones kept, the checksum over everything before it last. */
export function stateDocument(state: State, kept: Kept): Record<string, unknown> {
  const { running, pid, startedAt, lastHeartbeat, heartbeatCount, agents, ...own } = state;
  const document = {
    ...record(withSnakeKeys({ running, pid, startedAt, lastHeartbeat, heartbeatCount }, freeKeys)),
    schema: stateVersion,
    generation: kept.generation,
    ...record(withSnakeKeys(own, freeKeys)),
    agents: Object.fromEntries(
      Object.entries(agents).map(([id, memory]) => [
        id,
        { ...record(withSnakeKeys(memory, freeKeys)), ...kept.agents[id] },
      ]),
    ),
    ...kept.top,
  };
  return { ...document, checksum: seal(document) };
}

/** Over the values, not the bytes: a file that was only laid out anew is still itself. */
function seal(document: Record<string, unknown>): string {
  const { schema, ...rest } = document;
  return checksumOf(JSON.stringify([schema, rest]));
}

function keptOf(document: Record<string, unknown>): Kept {
  const { generation, agents } = document;
  return {
    generation:
      typeof generation === 'number' && Number.isSafeInteger(generation) && generation > 0 ? generation : 0,
    top: unknownFields(document, topFields),
    agents: Object.fromEntries(
      Object.entries(record(agents)).flatMap(([id, memory]) => {
        const unknown = unknownFields(record(memory), agentFields);
        return Object.keys(unknown).length === 0 ? [] : [[id, unknown]];
      }),
    ),
  };
}

function unknownFields(object: Record<string, unknown>, known: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)));
}

function record(value: unknown): Record<string, unknown> {
  return isPlainObject(value) ? value : {};
}

/** JSON can be nested so deeply that it can be read but not written again. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
