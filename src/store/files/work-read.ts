import { statSync } from 'node:fs';
import type { Warning } from '../../model/snapshot.ts';
import type { WorkItem, WorkState } from '../../model/work-item.ts';
import type { Listing } from '../port.ts';
import { isoOrNull } from './dates.ts';
import { namesIn, readPlain } from './disk.ts';
import { parseSettlement } from './message-file.ts';
import { parseWorkName, spellWork, type WorkName } from './names.ts';
import type { Place } from './place.ts';
import { parseWork } from './work-file.ts';

export function hookedWork(place: Place): Listing<WorkItem> {
  return listWork(place, (name) => name.hook !== null);
}

export function listWork(place: Place, wanted: (name: WorkName) => boolean): Listing<WorkItem> {
  const warnings: Warning[] = [];
  const items = [...namesIn(place.openWork)].sort().flatMap((file) => {
    if (file.startsWith('.')) return [];
    const path = `${place.openWork}/${file}`;
    const name = parseWorkName(file);
    if (name === null)
      warnings.push({
        code: 'work-foreign',
        message: `${JSON.stringify(path)} is not work and was left out`,
      });
    if (name === null || !wanted(name)) return [];
    const item = readWork(path, name.id, openState(name));
    if (item === 'bad')
      warnings.push({
        code: 'work-unreadable',
        message: `${JSON.stringify(path)} cannot be read as work`,
      });
    if (item === 'bad' && name.hook !== null) return [unreadable(name)];
    return item === 'bad' || item === 'absent' ? [] : [item];
  });
  return { items, warnings };
}

/** Whose hook it is on stands in the file's name, so nobody may take that hook for empty. */
function unreadable(name: WorkName): WorkItem {
  const title = 'work whose file cannot be read';
  return { id: name.id, title, description: '', by: '', priority: 2, created: null, state: openState(name) };
}

export function getWork(place: Place, id: string): WorkItem | null {
  const name = openName(place, id);
  if (name !== null) {
    const item = readWork(`${place.openWork}/${spellWork(name)}`, id, openState(name));
    // Gone between the two looks: it was hooked, unhooked or closed.
    if (item === 'absent') return getWork(place, id);
    return item === 'bad' ? null : item;
  }
  if (!isId(id)) return null;
  const plain = readPlain(`${place.closedWork}/${id}.outcome`);
  const outcome = plain.kind === 'text' ? parseSettlement(plain.text) : null;
  const state = {
    is: 'closed',
    by: outcome?.by ?? null,
    reason: outcome?.reason ?? null,
    at: outcome?.at ?? null,
  } as const;
  const item = readWork(`${place.closedWork}/${spellWork({ id, hook: null })}`, id, state);
  return typeof item === 'string' ? null : item;
}

/** What the file of this open or hooked work is called now. */
export function openName(place: Place, id: string): WorkName | null {
  if (!isId(id)) return null;
  const plain = { id, hook: null };
  if (statSync(`${place.openWork}/${spellWork(plain)}`, { throwIfNoEntry: false }) !== undefined)
    return plain;
  for (const file of namesIn(place.openWork)) {
    const name = file.startsWith(`${id}~`) ? parseWorkName(file) : null;
    if (name?.id === id) return name;
  }
  return null;
}

function openState({ hook: on }: WorkName): WorkState {
  return on === null ? { is: 'open' } : { is: 'hooked', agent: on.agent, since: isoOrNull(on.since) };
}

function readWork(path: string, id: string, state: WorkState): WorkItem | 'absent' | 'bad' {
  const plain = readPlain(path);
  if (plain.kind !== 'text') return plain.kind;
  const draft = parseWork(plain.text, id);
  return draft === null ? 'bad' : { ...draft, state };
}

function isId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{1,63}$/.test(id);
}
