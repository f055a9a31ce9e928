import { exitStatus, Failure } from '../../exit.ts';
import type { AgentId } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { momentText } from '../../show/time.ts';
import { openStore } from '../../store/open.ts';
import type { Overview } from '../../store/port.ts';
import { worker } from '../../town/identity.ts';
import { homeOf } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { lookAtTown, type TownSeen } from '../pane-teller.ts';
import { endSeen } from '../unseen.ts';
import { branchOf } from '../work/branch.ts';
import { isAlive, isRunning, paneSeen, rigsAsked, rigsSeen, sessionAsked } from './worker-desk.ts';

export interface PolecatListOptions {
  readonly town?: string | undefined;
  readonly rig?: string | undefined;
  /** Every rig, wherever this runs. */
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export interface PolecatStatusOptions {
  readonly town?: string | undefined;
  readonly target: string;
  readonly json?: boolean | undefined;
}

/** What the store says of a polecat: `working` while work hangs on its hook, else what its record says, else `idle`; `unknown` while its rig's store is silent. */
interface Doing {
  readonly state: string;
  readonly issue: string | null;
}

/** `gt polecat list [RIG]` (spec/agents.md §1.7): upstream's keys, and `agent_alive`. 69 where tmux cannot be asked who runs. */
export async function polecatListCommand(
  { town, rig, all = false, json = false }: PolecatListOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const rigs = all ? rigsSeen(seen) : rigsAsked(rig, seen, context);
  const polecats = rigs.flatMap(({ name, polecats: names }) =>
    names.map((one) => worker(name, 'polecat', one)),
  );
  const overview = await overviewOf(seen, context);
  const listed = polecats.map((agent) => {
    const { state, issue } = doing(agent.id, overview);
    return {
      rig: 'rig' in agent ? agent.rig : '',
      name: 'name' in agent ? agent.name : '',
      state,
      ...(issue === null ? {} : { issue }),
      session_running: isRunning(agent, seen),
      agent_alive: isAlive(agent, seen),
    };
  });
  if (json) context.stdout(jsonText(listed));
  else if (listed.length === 0) context.stdout('No polecats here.\n');
  else context.stdout(`${['Active Polecats', '', ...listed.map(line)].join('\n')}\n`);
  return listed.length === 0 ? exitStatus.done : endSeen(seen.sight.snapshot, context);
}

function line(one: {
  readonly rig: string;
  readonly name: string;
  readonly state: string;
  readonly issue?: string;
  readonly agent_alive: boolean | null;
}): string {
  const mark = one.agent_alive === null ? '?' : one.agent_alive ? '●' : '○';
  return `  ${mark} ${one.rig}/${one.name}  ${one.state}${one.issue === undefined ? '' : `  ${one.issue}`}`;
}

/** `gt polecat status R/N` (spec/agents.md §1.7). */
export async function polecatStatusCommand(
  { town, target, json = false }: PolecatStatusOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const agent = sessionAsked(target, seen, context);
  if (agent.role !== 'polecat')
    throw new Failure('not-a-polecat', exitStatus.failed, `${agent.id} is no polecat.`, 'gt polecat list');
  const { state, issue } = doing(agent.id, await overviewOf(seen, context));
  const pane = paneSeen(agent, seen);
  const path = homeOf(seen.at.root, agent);
  const alive = isAlive(agent, seen);
  const document = {
    rig: agent.rig,
    name: agent.name,
    state,
    ...(issue === null ? {} : { issue }),
    clone_path: path,
    branch: branchOf(path) ?? '',
    session_running: isRunning(agent, seen),
    ...(pane === null
      ? {}
      : {
          session_id: pane.session,
          attached: pane.attached > 0,
          created_at: new Date(pane.created * 1000).toISOString(),
          last_activity: new Date(pane.activity * 1000).toISOString(),
        }),
    agent_alive: alive,
  };
  if (json) context.stdout(jsonText(document));
  else {
    const now = new Date(seen.sight.snapshot.now.wall);
    context.stdout(
      `${[
        `😺 Polecat: ${agent.rig}/${agent.name}`,
        '',
        `  State: ${state}${issue === null ? '' : ` (${issue})`}`,
        `  Path: ${path}`,
        `  Branch: ${document.branch === '' ? '(none)' : document.branch}`,
        `  Session: ${pane === null ? (alive === null ? '? unknown' : '○ stopped') : `● running (${pane.session})`}`,
        ...(pane === null
          ? []
          : [`  Agent: ${alive === null ? 'unknown' : alive ? 'alive' : 'not running'}`]),
        ...(pane === null ? [] : [`  Last activity: ${momentText(new Date(pane.activity * 1000), now)}`]),
      ].join('\n')}\n`,
    );
  }
  return endSeen(seen.sight.snapshot, context);
}

async function overviewOf({ at }: TownSeen, context: Context): Promise<Overview> {
  const store = openStore(at.root, () => context.now().getTime());
  return valueIn(await store.overview());
}

function doing(agent: AgentId, { hooked, agents, silent = [] }: Overview): Doing {
  const item = hooked.find(({ state }) => state.is === 'hooked' && state.agent === agent);
  if (item === undefined && silent.includes(agent.split('/')[0] ?? ''))
    return { state: 'unknown', issue: null };
  const recorded = agents.find((record) => record.agent === agent)?.state;
  const resting = recorded === 'done' || recorded === 'stuck' ? recorded : 'idle';
  return { state: item === undefined ? resting : 'working', issue: item?.id ?? null };
}
