import { renameSync } from 'node:fs';
import type { AgentId } from '../../model/agent.ts';
import type { WorkDraft, WorkItem } from '../../model/work-item.ts';
import { fault } from '../../persist/fault.ts';
import { syncDirectory } from '../../persist/replace-file.ts';
import type { Changing, Work } from '../port.ts';
import { makeDir, moveFile, replaceFile, writeNew } from './disk.ts';
import { newId } from './id.ts';
import type { Means } from './means.ts';
import { settlementText } from './message-file.ts';
import { spellWork, type WorkName } from './names.ts';
import type { Place } from './place.ts';
import { answer } from './trouble.ts';
import { workText } from './work-file.ts';
import { getWork, hookedWork, listWork, openName } from './work-read.ts';

/**
 * Work in files. A file's content never changes; what does (hooked, by whom, closed) is in its name and directory, so
 * every change is one rename, and of several callers exactly one makes it.
 */
export function filesWork(means: Means): Work {
  const { place } = means;
  return {
    create: (draft) => answer('the work could not be saved', () => create(means, draft)),
    get: (id) => answer(`work ${id} cannot be read`, () => getWork(place, id)),
    list: () => answer('work cannot be read', () => listWork(place, () => true)),
    hooked: () => answer('work cannot be read', () => hookedWork(place)),
    hook: (id, agent) => answer(`work ${id} could not be hooked`, () => hook(means, id, agent)),
    unhook: (id) => answer(`work ${id} could not be taken off its hook`, () => unhook(means, id)),
    close: (id, by, reason) => answer(`work ${id} could not be closed`, () => close(means, id, by, reason)),
  };
}

function create(means: Means, draft: WorkDraft): WorkItem {
  const now = means.now();
  const id = newId('gw', now, means.random);
  const created = new Date(now).toISOString();
  const { openWork } = means.place;
  makeDir(openWork);
  const temporary = `${openWork}/.${id}`;
  writeNew(temporary, workText(draft, id, created));
  renameSync(temporary, `${openWork}/${spellWork({ id, hook: null })}`);
  syncDirectory(openWork);
  fault('work.created');
  return { ...draft, id, created, state: { is: 'open' } };
}

function hook(means: Means, id: string, agent: AgentId): Changing {
  const name = openName(means.place, id);
  if (name === null || name.hook !== null) return conflict(means.place, id);
  return rename(means, name, { id, hook: { agent, since: means.now() } });
}

function unhook(means: Means, id: string): Changing {
  const name = openName(means.place, id);
  if (name === null || name.hook === null) return conflict(means.place, id);
  return rename(means, name, { id, hook: null });
}

function rename(means: Means, from: WorkName, to: WorkName): Changing {
  const { openWork } = means.place;
  if (!moveFile(`${openWork}/${spellWork(from)}`, `${openWork}/${spellWork(to)}`))
    return conflict(means.place, from.id);
  syncDirectory(openWork);
  fault('work.changed');
  return done(means.place, from.id);
}

function close(means: Means, id: string, by: string, reason: string | null): Changing {
  const { openWork, closedWork } = means.place;
  const name = openName(means.place, id);
  if (name === null) return conflict(means.place, id);
  makeDir(closedWork);
  if (!moveFile(`${openWork}/${spellWork(name)}`, `${closedWork}/${spellWork({ id, hook: null })}`))
    return conflict(means.place, id);
  const now = means.now();
  const text = settlementText({ outcome: 'closed', by, reason }, new Date(now).toISOString());
  replaceFile(`${closedWork}/${id}.outcome`, `${closedWork}/.${newId(id, now, means.random)}`, text);
  syncDirectory(openWork);
  fault('work.changed');
  return done(means.place, id);
}

function done(place: Place, id: string): Changing {
  const item = getWork(place, id);
  return item === null ? { kind: 'missing' } : { kind: 'done', item };
}

function conflict(place: Place, id: string): Changing {
  const item = getWork(place, id);
  return item === null ? { kind: 'missing' } : { kind: 'conflict', item };
}
