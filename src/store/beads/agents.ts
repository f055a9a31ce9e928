import type { Agent, AgentId } from '../../model/agent.ts';
import type { AgentRecord } from '../../model/agent-record.ts';
import type { AgentRecords, Answer, Listing } from '../port.ts';
import { describe, parseSlashes, recordId, recordOf } from './agent-issue.ts';
import { type Beads, change, list, type Opened, withBeads } from './beads.ts';
import { eachStore } from './each-store.ts';
import { guarded } from './guarded.ts';
import { type Issue, isKind, timeOf } from './issue.ts';
import { issuesIn } from './output.ts';
import { callBd, globals } from './program.ts';
import { prefixOfRig, storeOf } from './stores.ts';
import type { Capabilities } from './version.ts';

/** An issue and the store it lies in. */
interface Stored {
  readonly issue: Issue;
  readonly store: string;
}

/** Agents' records as issues: a rig's agents in the rig's own store where it has one. A record that is missing says nothing. */
export function beadsAgents(beads: Beads): AgentRecords {
  const what = "agents' records cannot be read";
  return {
    list: () =>
      withBeads(beads, what, async (opened) => {
        const stored = await records(beads, opened, what);
        if (!stored.known) return stored;
        const items = recordsOf(await withColumns(beads, opened, stored.value));
        return { known: true, value: { items, warnings: [] } satisfies Listing<AgentRecord> };
      }),
    get: (agent) =>
      withBeads(beads, what, async (opened) => {
        const stored = await records(beads, opened, what);
        if (!stored.known) return stored;
        const mine = stored.value.filter(({ issue }) => recordOf(issue)?.agent === agent);
        return { known: true, value: recordsOf(await withColumns(beads, opened, mine))[0] ?? null };
      }),
    put: (record) => put(beads, record),
  };
}

/** One record for each agent, the newest; by agent. */
export function recordsOf(issues: readonly Issue[]): readonly AgentRecord[] {
  const newest = new Map<AgentId, AgentRecord>();
  for (const issue of issues) {
    const record = recordOf(issue);
    if (record === null) continue;
    const other = newest.get(record.agent);
    if (other === undefined || timeOf(record.updated) > timeOf(other.updated))
      newest.set(record.agent, record);
  }
  return [...newest.values()].sort((one, other) => (one.agent < other.agent ? -1 : 1));
}

async function records(beads: Beads, opened: Opened, what: string): Promise<Answer<readonly Stored[]>> {
  const { town, rigs } = opened.stores;
  const all = await eachStore([town, ...rigs], async ({ path }) => ({
    path,
    listed: await list(beads, opened, path, what, recordFilter(opened.can)),
  }));
  const found: Stored[] = [];
  for (const { path, listed } of all) {
    if (!listed.known) return listed;
    for (const issue of listed.value) if (isKind(issue, 'agent')) found.push({ issue, store: path });
  }
  return { known: true, value: found };
}

/** Where agents are a type of their own, a listing by it has both forms; later ones all carry the label. */
function recordFilter({ types }: Capabilities): readonly string[] {
  return types ? ['--type=agent'] : ['--label=gt:agent'];
}

/**
 * The columns, which only `show` prints, newer than the text where a tool of the agents' own set them. One call a store;
 * not with versions that take long for each id. Where it fails, the text stands.
 */
async function withColumns(
  { program }: Beads,
  { can }: Opened,
  stored: readonly Stored[],
): Promise<readonly Issue[]> {
  const plain = stored.map(({ issue }) => issue);
  if (!can.showMany) return plain;
  const stores = [...new Set(stored.map(({ store }) => store))];
  const shown = await eachStore(stores, async (store) => {
    const ids = stored.flatMap((one) => (one.store === store ? [one.issue.id] : []));
    const ran = await callBd(program, { store, args: [...globals(can), 'show', ...ids, '--json'] });
    const printed = issuesIn(ran.stdout);
    return ran.ok && printed.kind === 'issues' ? printed.issues : [];
  });
  const better = new Map(shown.flat().map((issue) => [issue.id, issue]));
  return plain.map((issue) => better.get(issue.id) ?? issue);
}

function put(beads: Beads, record: AgentRecord): Promise<Answer<null>> {
  const what = `the record of ${record.agent} could not be saved`;
  const agent = parseSlashes(record.agent);
  if (agent === null)
    return Promise.resolve({ known: false, reason: `${what}: nobody is called so`, trouble: 'refused' });
  return withBeads(beads, what, (opened) =>
    guarded(beads, `record-${record.agent.replaceAll('/', '_')}`, async () => {
      const stored = await records(beads, opened, what);
      if (!stored.known) return stored;
      const own = stored.value.filter(({ issue }) => recordOf(issue)?.agent === record.agent);
      if (own.length === 0) return create(beads, opened, record, agent, what);
      for (const one of own) {
        const done = await replace(beads, opened, one, record, agent, what);
        if (!done.known) return done;
      }
      return { known: true, value: null };
    }),
  );
}

async function create(
  beads: Beads,
  opened: Opened,
  record: AgentRecord,
  agent: Agent,
  what: string,
): Promise<Answer<null>> {
  const { stores, can } = opened;
  const prefix =
    ('rig' in agent ? prefixOfRig(stores, agent.rig) : null) ?? (await townPrefix(beads, opened));
  const id = recordId(agent, prefix);
  const labels = ['gt:agent', `role_type:${agent.role}`, ...('rig' in agent ? [`rig:${agent.rig}`] : [])];
  // Without --force, bd takes all but the last part of the id for its prefix.
  const args = [
    'create',
    `--id=${id}`,
    '--force',
    `--title=${agent.id}`,
    `--type=${can.types ? 'agent' : 'task'}`,
    `--labels=${labels.join(',')}`,
    `--description=${describe('', record, agent)}`,
  ];
  const made = await change(beads, opened, { store: storeOf(stores, id), args }, what);
  return made.known ? { known: true, value: null } : made;
}

async function replace(
  beads: Beads,
  opened: Opened,
  { issue, store }: Stored,
  record: AgentRecord,
  agent: Agent,
  what: string,
): Promise<Answer<null>> {
  const args = ['update', issue.id, `--description=${describe(issue.description, record, agent)}`];
  const changed = await change(beads, opened, { store, args }, what);
  return changed.known ? { known: true, value: null } : changed;
}

/** The prefix of the town's own store: what the routes say, else that of any issue there, else upstream's. */
async function townPrefix({ program }: Beads, { stores, can }: Opened): Promise<string> {
  const [routed] = stores.town.prefixes;
  if (routed !== undefined) return routed.replace(/-$/, '');
  const ran = await callBd(program, {
    store: stores.town.path,
    args: [...globals(can), 'config', 'get', 'issue_prefix', '--json'],
  });
  const found = /"value":\s*"([A-Za-z0-9_-]+)"/.exec(ran.stdout)?.[1];
  return found === undefined ? 'hq' : found.replace(/-$/, '');
}
