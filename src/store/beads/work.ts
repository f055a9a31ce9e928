import type { AgentId } from '../../model/agent.ts';
import type { WorkDraft, WorkItem } from '../../model/work-item.ts';
import { fault } from '../../persist/fault.ts';
import type { Answer, Changing, Listing, Work } from '../port.ts';
import { type Beads, change, isId, list, type Opened, show, withBeads } from './beads.ts';
import { eachStore } from './each-store.ts';
import { guarded } from './guarded.ts';
import { compareAge, type Issue, isWork } from './issue.ts';
import { withoutNul } from './label-list.ts';
import { writeMargin } from './margin.ts';
import { titleFor } from './message-issue.ts';
import { storeOf } from './stores.ts';
import { assigneeOf, closingText, workOf } from './work-issue.ts';

/** Work is whatever in the town's stores is not mail, a record or machinery; an id's prefix tells its store. */
export function beadsWork(beads: Beads): Work {
  return {
    create: (draft) => create(beads, draft),
    get: (id) => get(beads, id),
    list: () => listWork(beads, [], (issue) => issue.status !== 'pinned'),
    hooked: () => listWork(beads, ['--status=hooked'], (issue) => issue.status === 'hooked'),
    hook: (id, agent) => hook(beads, id, agent),
    unhook: (id) => unhook(beads, id),
    close: (id, by, reason) => close(beads, id, by, reason),
  };
}

function create(beads: Beads, draft: WorkDraft): Promise<Answer<WorkItem>> {
  const what = 'the work could not be saved';
  return withBeads(beads, what, async (opened) => {
    const title = titleFor(draft.title);
    const notes = title === draft.title ? '' : writeMargin('', { subject: draft.title });
    const args = [
      'create',
      `--title=${title}`,
      '--type=task',
      `--priority=${draft.priority}`,
      `--actor=${withoutNul(draft.by)}`,
      ...(notes === '' ? [] : [`--notes=${notes}`]),
      '--body-file=-',
    ];
    const call = { store: opened.stores.town.path, args, input: draft.description };
    const made = await change(beads, opened, call, what);
    if (!made.known) return made;
    fault('work.created');
    return { known: true, value: workOf(made.value) };
  });
}

function get(beads: Beads, id: string): Promise<Answer<WorkItem | null>> {
  if (!isId(id)) return Promise.resolve({ known: true, value: null });
  const what = `work ${id} cannot be read`;
  return withBeads(beads, what, async (opened) => {
    const shown = await show(beads, opened, storeOf(opened.stores, id), id, what);
    if (!shown.known) return shown;
    return { known: true, value: shown.value === null || !isWork(shown.value) ? null : workOf(shown.value) };
  });
}

function listWork(
  beads: Beads,
  filter: readonly string[],
  wanted: (issue: Issue) => boolean,
): Promise<Answer<Listing<WorkItem>>> {
  const what = 'work cannot be read';
  return withBeads(beads, what, async (opened) => {
    const { town, rigs, warnings } = opened.stores;
    const all = await eachStore([town, ...rigs], ({ path }) => list(beads, opened, path, what, filter));
    const issues: Issue[] = [];
    for (const listed of all) {
      // A rig's work missing from a list that people act on would be a wrong answer.
      if (!listed.known) return listed;
      issues.push(...listed.value.filter((issue) => isWork(issue) && wanted(issue)));
    }
    return { known: true, value: { items: issues.sort(compareAge).map(workOf), warnings } };
  });
}

function onWork(
  beads: Beads,
  id: string,
  what: string,
  work: (issue: Issue, store: string, opened: Opened) => Promise<Answer<Changing>>,
): Promise<Answer<Changing>> {
  if (!isId(id)) return Promise.resolve({ known: true, value: { kind: 'missing' } });
  return withBeads(beads, what, (opened) =>
    guarded(beads, id, async () => {
      const store = storeOf(opened.stores, id);
      const shown = await show(beads, opened, store, id, what);
      if (!shown.known) return shown;
      if (shown.value === null || !isWork(shown.value)) return { known: true, value: { kind: 'missing' } };
      return work(shown.value, store, opened);
    }),
  );
}

function conflict(issue: Issue): Answer<Changing> {
  return { known: true, value: { kind: 'conflict', item: workOf(issue) } };
}

async function changed(
  beads: Beads,
  opened: Opened,
  call: { readonly store: string; readonly args: readonly string[] },
  what: string,
): Promise<Answer<Changing>> {
  const after = await change(beads, opened, call, what);
  if (!after.known) return after;
  fault('work.changed');
  return { known: true, value: { kind: 'done', item: workOf(after.value) } };
}

function hook(beads: Beads, id: string, agent: AgentId): Promise<Answer<Changing>> {
  const what = `work ${id} could not be hooked`;
  return onWork(beads, id, what, async (issue, store, opened) => {
    if (workOf(issue).state.is !== 'open') return conflict(issue);
    const args = ['update', id, '--status=hooked', `--assignee=${withoutNul(assigneeOf(agent))}`];
    return changed(beads, opened, { store, args }, what);
  });
}

function unhook(beads: Beads, id: string): Promise<Answer<Changing>> {
  const what = `work ${id} could not be taken off its hook`;
  return onWork(beads, id, what, async (issue, store, opened) => {
    if (workOf(issue).state.is !== 'hooked') return conflict(issue);
    return changed(beads, opened, { store, args: ['update', id, '--status=open', '--assignee='] }, what);
  });
}

function close(beads: Beads, id: string, by: string, reason: string | null): Promise<Answer<Changing>> {
  const what = `work ${id} could not be closed`;
  return onWork(beads, id, what, async (issue, store, opened) => {
    if (workOf(issue).state.is === 'closed') return conflict(issue);
    const args = ['close', id, `--reason=${closingText(by, reason)}`];
    return changed(beads, opened, { store, args }, what);
  });
}
