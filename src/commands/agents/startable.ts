import type { StartAction } from '../../act/start.ts';
import { mayStartAgain } from '../../decide/hold-rights.ts';
import { exitStatus, Failure } from '../../exit.ts';
import { recreate, start } from '../../model/action.ts';
import type { Agent } from '../../model/agent.ts';
import type { Finding } from '../../model/plan.ts';
import type { Hold } from '../../model/rig.ts';
import { holdOn } from '../../town/hold-scope.ts';
import { runtimeFor } from '../../town/runtime-for.ts';
import { endingOf } from '../operator/hold-ending.ts';
import { pleaseResume } from '../operator/hold-rights.ts';
import { holdText } from '../rigs/rig.ts';
import type { Looked } from './hand.ts';
import { brakeOn } from './hand-brake.ts';

/** What is to be done so that an agent runs. */
export type Need =
  | { readonly is: 'running'; readonly finding: Finding }
  | {
      readonly is: 'start';
      readonly finding: Finding;
      readonly action: StartAction;
      readonly zombie: boolean;
    }
  /** It cannot be started now; nothing was tried. `hint` is the command that would help. */
  | { readonly is: 'refused'; readonly code: string; readonly why: string; readonly hint: string | null };

/**
 * None → create, healthy → leave, zombie → recreate (spec/agents.md §1.1.4), by the same rules of sight as a pass.
 * Somebody's word is enough for a zombie: no second sighting is waited for. An agent's word ends no brake.
 */
export function needOf(agent: Agent, looked: Looked): Need {
  const finding = findingOf(agent, looked);
  const { liveness, session } = finding;
  if (liveness.is === 'alive') return { is: 'running', finding };
  if (liveness.is === 'foreign') {
    const owner = liveness.owner === null ? '' : ` It belongs to the town ${liveness.owner}.`;
    return refused(
      'foreign',
      `a session ${session} exists that this town did not start.${owner}`,
      `gt why ${agent.id}`,
    );
  }
  if (liveness.is === 'unknown') return refused('unknown', liveness.reason, 'gt status');
  const obstacle = obstacleTo(agent, looked);
  if (obstacle !== null) return obstacle;
  const braked = brakeOn(agent, 'start', looked);
  if (braked !== null) return braked;
  const whom = { agent, session };
  const evidence = { found: liveness.is };
  if (liveness.is === 'absent')
    return { is: 'start', finding, action: start(whom, 'asked', evidence), zombie: false };
  if (liveness.is === 'shell' && liveness.attached)
    return refused(
      'attached',
      `only a shell is left in its session ${session}, and somebody is attached to it: leave that shell first`,
      `gt why ${agent.id}`,
    );
  return { is: 'start', finding, action: recreate(whom, liveness, 'asked', evidence), zombie: true };
}

/** What keeps an agent from being started, whatever became of its last process; null when nothing does. */
export function obstacleTo(agent: Agent, looked: Looked): Extract<Need, { is: 'refused' }> | null {
  const { sight, orderer } = looked;
  const { snapshot, config } = sight;
  const { holds, now } = snapshot;
  if (!holds.known) return refused('holds-unknown', `the holds cannot be read: ${holds.reason}`, 'gt status');
  const stopped = holds.value.filter(({ kind, target }) => kind === 'shutdown' && target === agent.id);
  const stays = stopped.find((one) => !mayStartAgain(orderer, one));
  if (stays !== undefined)
    return refused(
      'not-allowed',
      `${heldText(stays, new Date(now.wall))}, and what a person stopped a person starts`,
      pleaseResume(stays, looked),
    );
  const hold = holdOn(
    holds.value.filter((one) => !stopped.includes(one)),
    agent,
  );
  if (hold !== null) return refused('held', heldText(hold, new Date(now.wall)), endingOf(hold));
  const runtime = runtimeFor(config, agent);
  if (!runtime.known) return refused('runtime-unknown', runtime.reason, 'gt config show');
  const program = snapshot.programs[agent.id];
  if (program === undefined || program.found === null)
    return refused(
      'program-missing',
      `its program ${runtime.value.command} is not on the search path: install it, or name its directory in settings/config.json under tick.path`,
      'gt config show',
    );
  return null;
}

/** How an agent was found. Throws a usage failure for one that is not of this town. */
export function findingOf(agent: Agent, { plan, sight }: Looked): Finding {
  const found = plan.findings.find(({ agent: id }) => id === agent.id);
  if (found !== undefined) return found;
  const { rigs } = sight.snapshot;
  const why = rigs.known ? 'it is not one of this town' : `which agents exist is unknown: ${rigs.reason}`;
  throw new Failure('agent-unknown', exitStatus.failed, `${agent.id}: ${why}.`, 'gt status');
}

function heldText(hold: Hold, now: Date): string {
  const whom = hold.target === '*' ? 'the whole town' : hold.target;
  const how =
    hold.kind === 'estop' ? 'stopped by an ESTOP file' : hold.kind === 'shutdown' ? 'down' : hold.kind;
  return `${whom} is ${how === 'hold' ? 'held' : how} (${holdText(hold, now)})`;
}

function refused(code: string, why: string, hint: string | null): Extract<Need, { is: 'refused' }> {
  return { is: 'refused', code, why, hint };
}
