import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBd } from './bd.ts';

/** Records as upstream's tools leave them in beads (spec/agents.md §2.5, §7.3). */

/** Puts records in as they stand in the export of a town that upstream's tools made. */
export function bring(
  place: string,
  records: readonly object[],
  env: Readonly<Record<string, string>>,
): void {
  const file = join(place, 'brought.jsonl');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  runBd(place, ['import', '-i', file], env);
  rmSync(file);
}

const when = { created_at: '2026-11-21T07:25:40.076407512Z', updated_at: '2026-11-21T07:25:40.268182541Z' };

export function upstreamMessage(id: string, title: string, more: object): object {
  const labels = ['from:mayor/', 'thread:thread-eef3c8f2470c'];
  const how = {
    status: 'open',
    priority: 2,
    issue_type: 'message',
    assignee: 'deacon/',
    owner: 'you@example.com',
  };
  return { id, title, ...how, ...when, created_by: 'mayor/', labels, ...more };
}

export function upstreamAgent(id: string, fields: string): object {
  const how = {
    status: 'open',
    priority: 2,
    issue_type: 'agent',
    owner: 'you@example.com',
    created_by: 'You',
  };
  return { id, title: id, description: `${id}\n\n${fields}`, ...how, ...when };
}
