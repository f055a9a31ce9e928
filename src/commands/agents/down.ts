import { exitStatus } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { agentsOf } from '../../town/identity.ts';
import { holdAfterShutdown } from '../../town/shutdown-hold.ts';
import type { Context } from '../context.ts';
import { holderOf, refuseHolding } from '../operator/hold-rights.ts';
import { editing } from '../rigs/rig.ts';
import { deskIn } from './desk.ts';
import { refuseEnding } from './rights.ts';
import { type Ended, stopThem } from './stop.ts';
import { serviceName } from './up.ts';
import { endedDocument } from './words.ts';

export interface DownOptions {
  readonly town?: string | undefined;
  readonly quiet: boolean;
  readonly reason?: string | undefined;
  readonly json: boolean;
}

/**
 * `gt down`: first the hold of the whole town, which a pass reads again before each start; then, when a pass that is at
 * work has ended, every agent. Of agents only the mayor may. Run in its own pane it reports first and ends the mayor last.
 */
export async function downCommand(options: DownOptions, context: Context): Promise<number> {
  const { town, quiet, reason, json } = options;
  const { at, rigs } = deskIn(town, context);
  const command = 'gt down';
  const edit = editing(command, context);
  const by = holderOf(at, context);
  const agents = inOrder(agentsOf(rigs));
  refuseEnding(agents, at, context);
  refuseHolding({ target: '*', kind: 'shutdown' }, command, at, context);
  await holdAfterShutdown(
    at,
    { target: '*', kind: 'shutdown', reason: reason || command, by, since: edit.at, until: null },
    edit,
  );
  const results: Ended[] = [];
  const report = () => {
    const ok = results.every(isGone);
    if (json)
      context.stdout(
        jsonText({
          schema: 'gt.down/1',
          town: at.root,
          ok,
          held: true,
          agents: results.filter(({ result }) => result !== 'not-running').map(endedDocument),
        }),
      );
    else if (!ok) context.stdout('\n✗ Some services failed to stop\n');
    else if (!quiet) context.stdout('\n✓ All services stopped\n  Nothing comes back before: gt up\n');
  };
  await stopThem(agents, {
    at,
    command,
    context,
    hold: null,
    onEach: (ended) => {
      results.push(ended);
      const shown = !isGone(ended) || (!quiet && (ended.result === 'stopped' || isService(ended.agent)));
      if (!json && shown) context.stdout(`${lineOf(ended)}\n`);
      if (results.length === agents.length) report();
    },
  });
  return results.every(isGone) ? exitStatus.done : exitStatus.failed;
}

/** Workers first, those who would miss them last (spec/agents.md §3.14). */
function inOrder(agents: readonly Agent[]): readonly Agent[] {
  const order = ['crew', 'polecat', 'refinery', 'witness', 'mayor', 'deacon'];
  return [...agents].sort((one, other) => order.indexOf(one.role) - order.indexOf(other.role));
}

function isService({ role }: Agent): boolean {
  return role === 'mayor' || role === 'deacon' || role === 'witness';
}

/** A session that is not ours is nothing we have to stop. */
function isGone({ result, code }: Ended): boolean {
  return result === 'stopped' || result === 'not-running' || code === 'foreign';
}

function lineOf({ agent, result, code, error }: Ended): string {
  const name = serviceName(agent);
  if (code === 'foreign') return `○ ${name}: ${error ?? ''}`;
  return result === 'stopped' || result === 'not-running'
    ? `✓ ${name}: stopped`
    : `✗ ${name}: ${error ?? ''}`;
}
