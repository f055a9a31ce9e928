import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { explain } from '../../run.ts';
import { jsonText } from '../../show/json.ts';
import { table } from '../../show/table.ts';
import { worker } from '../../town/identity.ts';
import { homeOf } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { endSeen } from '../unseen.ts';
import { branchText } from '../work/branch.ts';
import { deskIn, rigNamed } from './desk.ts';
import { lookAt } from './hand.ts';
import { standingOf } from './status.ts';

export interface CrewListOptions {
  readonly town?: string | undefined;
  readonly rig?: string | undefined;
  readonly json: boolean;
}

/** How many `git status` run at once. */
const atOnce = 8;

/** `gt crew list`: upstream's keys (spec/agents.md §1.5), and whether the agent itself lives. 69 where tmux cannot be asked who runs. */
export async function crewListCommand(
  { town, rig, json }: CrewListOptions,
  context: Context,
): Promise<number> {
  const desk = deskIn(town, context, true);
  const { at, rigs } = desk;
  const only = rig === undefined ? null : rigNamed(rig, null, desk);
  const crew = rigs
    .filter(({ name }) => only === null || name === only)
    .flatMap(({ name, crew: names }) => names.map((one) => worker(name, 'crew', one)));
  const looked = crew.length === 0 ? null : await lookAt(at, context);
  const clean = await cleanliness(
    crew.map((agent) => homeOf(at.root, agent)),
    context,
  );
  const listed = crew.map((agent, index) => {
    const path = homeOf(at.root, agent);
    const standing = looked === null ? null : standingOf(agent, looked);
    return {
      name: nameOf(agent),
      rig: 'rig' in agent ? agent.rig : '',
      branch: branchText(path),
      path,
      has_session: standing?.exists ?? null,
      git_clean: clean[index] ?? null,
      session: standing?.session ?? '',
      agent_alive: standing?.alive ?? null,
    };
  });
  if (json) context.stdout(jsonText(listed));
  else if (listed.length === 0) context.stdout('No crew workers. To add one: gt crew add NAME --rig RIG\n');
  else {
    const rows = listed.map((one) => [
      `${markOf(one)} ${one.rig}/${one.name}`,
      wordsFor[markOf(one)],
      one.branch || '-',
      one.git_clean === null ? '' : one.git_clean ? 'clean' : 'uncommitted changes',
    ]);
    context.stdout(`${table(rows).join('\n')}\n`);
  }
  return looked === null ? exitStatus.done : endSeen(looked.sight.snapshot, context);
}

const wordsFor = { '?': 'unknown', '●': 'running', '◐': 'session without agent', '○': 'stopped' } as const;

function markOf(one: {
  readonly has_session: boolean | null;
  readonly agent_alive: boolean | null;
}): keyof typeof wordsFor {
  if (one.agent_alive === null) return '?';
  return one.agent_alive ? '●' : one.has_session ? '◐' : '○';
}

function nameOf(agent: Agent): string {
  return 'name' in agent ? agent.name : agent.id;
}

/** Whether git sees changes; null for what is no clone or cannot be told. */
async function cleanliness(
  paths: readonly string[],
  { run, env }: Context,
): Promise<readonly (boolean | null)[]> {
  const answers: (boolean | null)[] = [];
  for (let from = 0; from < paths.length; from += atOnce) {
    const some = paths.slice(from, from + atOnce).map(async (path) => {
      if (branchText(path) === '') return null;
      const ran = await run({
        file: 'git',
        args: ['--no-optional-locks', 'status', '--porcelain'],
        cwd: path,
        env: { HOME: env.HOME, PATH: env.PATH, LC_ALL: 'C' },
      });
      return explain(ran) === 'succeeded' ? ran.stdout.trim() === '' : null;
    });
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}
