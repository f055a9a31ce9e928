import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { sessionOf, worker } from '../../town/identity.ts';
import type { Context } from '../context.ts';
import { lookAtTown, type TownSeen, unable } from '../pane-teller.ts';
import { shortAddress } from './session-status.ts';
import { paneSeen, rigsAsked, rigsSeen } from './worker-desk.ts';

export interface SessionCheckOptions {
  readonly town?: string | undefined;
  readonly rig?: string | undefined;
  readonly json?: boolean | undefined;
}

type Health = 'healthy' | 'not-running' | 'unknown';

interface Checked {
  readonly agent: Agent;
  readonly health: Health;
  readonly sentence: string;
}

/**
 * `gt session check [RIG]` (spec/agents.md §1.6): every polecat of the rig, or of all rigs, by one look at tmux. A session
 * whose agent is gone is not healthy. Repairs nothing. Exit 0 however they are; an unknown rig → 1.
 */
export async function sessionCheckCommand(
  { town, rig, json = false }: SessionCheckOptions,
  context: Context,
): Promise<number> {
  const seen = await lookAtTown(town, context, { reading: true });
  const rigs = rig === undefined ? rigsSeen(seen) : rigsAsked(rig, seen, context);
  const polecats = rigs.flatMap(({ name, polecats: all }) => all.map((one) => worker(name, 'polecat', one)));
  const checked = polecats.map((agent) => check(agent, seen));
  context.stdout(json ? jsonText(document(checked, seen)) : text(checked));
  return exitStatus.done;
}

function check(agent: Agent, seen: TownSeen): Checked {
  const finding = seen.findings.get(agent.id);
  if (finding?.liveness.is === 'alive') return { agent, health: 'healthy', sentence: 'session alive' };
  const { result, sentence } = unable(finding);
  if (result === 'unknown')
    return { agent, health: 'unknown', sentence: `error checking session: ${oneLine(sentence, 300)}` };
  if (paneSeen(agent, seen) === null)
    return { agent, health: 'not-running', sentence: 'session not running' };
  return { agent, health: 'not-running', sentence: `session alive, agent not running: ${sentence}` };
}

const marks: Readonly<Record<Health, string>> = { healthy: '✓', 'not-running': '✗', unknown: '⚠' };

function text(checked: readonly Checked[]): string {
  const { healthy, gone } = counts(checked);
  const lines = checked.map(
    ({ agent, health, sentence }) => `  ${marks[health]} ${shortAddress(agent)}: ${sentence}`,
  );
  return [
    '🔍 Session Health Check',
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
    `📊 Summary: ${checked.length} checked, ${healthy} healthy, ${gone} not running`,
    ...(gone === 0 ? [] : ['', 'Tip: To restart crashed polecats: gt session restart <rig>/<polecat>']),
    '',
  ].join('\n');
}

function counts(checked: readonly Checked[]): { readonly healthy: number; readonly gone: number } {
  const of = (wanted: Health) => checked.filter(({ health }) => health === wanted).length;
  return { healthy: of('healthy'), gone: of('not-running') };
}

function document(checked: readonly Checked[], seen: TownSeen): object {
  const { healthy, gone } = counts(checked);
  return {
    schema: 'gt.session.check/1',
    checked: checked.length,
    healthy,
    not_running: gone,
    sessions: checked.map(({ agent, health, sentence }) => ({
      rig: 'rig' in agent ? agent.rig : null,
      polecat: 'name' in agent ? agent.name : null,
      session_id: seen.findings.get(agent.id)?.session ?? sessionOf(agent),
      health,
      detail: sentence,
    })),
  };
}
