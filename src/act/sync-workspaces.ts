import { fewAtOnce } from '../few-at-once.ts';
import type { Agent } from '../model/agent.ts';
import { readJson } from '../persist/json.ts';
import { storeKind } from '../store/kind.ts';
import { isObject } from '../town/settings-problem.ts';
import { preSync } from './pre-sync.ts';
import type { Job } from './requests.ts';
import { workDirOf } from './work-dir.ts';
import type { World } from './world.ts';

/** Workspaces brought up to date at the same time. */
const atOnce = 4;
/** Kept of the pass's time for the starts that follow: their agents have been ended already. Milliseconds. */
const startReserveMs = 10_000;
/** `bd sync` talks to the same remote as git did; longer than this it may not. Milliseconds. */
const longestBeadsMs = 30_000;
/** In less time than this nothing is begun. */
const leastMs = 5_000;

/**
 * Brings the workspaces of refineries and crew up to date before they start again (spec/tick.md §6.7). By action id:
 * what people should know. Nothing of it keeps an agent from starting, a slow origin neither: it gets what the pass has
 * time for.
 */
export async function syncWorkspaces(
  jobs: readonly Job[],
  world: World,
  unread: Unread = new Map(),
): Promise<ReadonlyMap<string, string>> {
  return syncAll(
    jobs.filter(({ agent }) => agent.role === 'refinery' || agent.role === 'crew'),
    world,
    unread,
  );
}

/** By action id: why a workspace is left as it is, since git does not answer there. */
type Unread = ReadonlyMap<string, string>;

/** A workspace to be brought up to date, and the action it is for. */
export interface Errand {
  readonly agent: Agent;
  readonly action: { readonly id: string };
}

/** The same for agents of any role. */
export async function syncAll(
  errands: readonly Errand[],
  world: World,
  unread: Unread,
): Promise<ReadonlyMap<string, string>> {
  const warnings = new Map<string, string>();
  await fewAtOnce(errands, atOnce, async (errand) => {
    const warning = unread.get(errand.action.id) ?? (await syncOne(errand, world));
    if (warning !== null) warnings.set(errand.action.id, warning);
  });
  return warnings;
}

async function syncOne(
  { agent }: Errand,
  { layout, config, run, operatorEnv, deadline, onStep }: World,
): Promise<string | null> {
  const directory = workDirOf(layout.root, agent);
  if (directory === null || !('rig' in agent)) return null;
  const deadlineMs = deadline() - startReserveMs;
  if (deadlineMs < leastMs) return `${directory} is not synced: the time of this pass is used up.`;
  const branch = defaultBranch(`${layout.root}/${agent.rig}/config.json`);
  const { warnings } = await preSync({ directory, branch, deadlineMs, run, env: operatorEnv, onStep });
  const beads = await syncIssues(directory, { layout, config, run, operatorEnv, deadline });
  const all = [...warnings, ...(beads === null ? [] : [beads])];
  return all.length === 0 ? null : all.join(' ');
}

/** In a town that lives in beads these come along. */
async function syncIssues(
  directory: string,
  {
    layout,
    config,
    run,
    operatorEnv,
    deadline,
  }: Pick<World, 'layout' | 'config' | 'run' | 'operatorEnv' | 'deadline'>,
): Promise<string | null> {
  if (storeKind(layout.root, config.store ?? 'auto') === 'files') return null;
  const left = deadline() - startReserveMs;
  if (left < leastMs) return null;
  const { syncBeads } = await import('../store/beads/sync.ts');
  const path = [...(operatorEnv.PATH ?? '').split(':').filter((one) => one !== ''), ...config.path];
  const timeoutMs = Math.min(left, longestBeadsMs);
  return syncBeads(layout.root, directory, { run, env: operatorEnv, path, timeoutMs });
}

/** The rig's `default_branch`; `main` where its file does not say. */
function defaultBranch(file: string): string {
  const read = readJson(file);
  const branch = read.kind === 'ok' && isObject(read.value) ? read.value.default_branch : undefined;
  return typeof branch === 'string' && /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(branch) ? branch : 'main';
}
