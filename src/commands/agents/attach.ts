import { isatty } from 'node:tty';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { findProgram } from '../../run.ts';
import { runOnTerminal } from '../../run-long.ts';
import { socketPathOf } from '../../tmux/client.ts';
import { sessionTarget } from '../../tmux/commands.ts';
import { sessionOf } from '../../town/identity.ts';
import { readConfig } from '../../town/settings.ts';
import { shellWord } from '../../town/shell-word.ts';
import { searchPath } from '../context.ts';
import { refuseUnseen } from '../unseen.ts';
import type { Desk } from './desk.ts';
import { ensureAgents, failureOfStart } from './ensure.ts';
import { lookAt } from './hand.ts';
import { standingOf } from './status.ts';
import { titleOf, zombieLine } from './words.ts';

/** Makes sure that an agent runs, then gives it this terminal until it is detached. Refused where there is none. */
export async function attachTo(agent: Agent, command: string, desk: Desk): Promise<number> {
  const { at, context } = desk;
  const way = await wayIn(agent, desk);
  const [ensured] = await ensureAgents([agent], {
    at,
    command,
    context,
    onZombie: () => context.stdout(`${zombieLine}\n`),
  });
  const failure = ensured === undefined ? null : failureOfStart(ensured);
  if (failure !== null) throw failure;
  if (ensured !== undefined && ensured.result !== 'running') context.stdout(`${startedText(agent)}\n`);
  const session = ensured?.session ?? sessionOf(agent);
  const status = await runOnTerminal({ ...way, args: [...way.args, '-t', sessionTarget(session)] });
  return status === 0 ? exitStatus.done : exitStatus.failed;
}

function startedText(agent: Agent): string {
  return 'rig' in agent && !('name' in agent)
    ? `Started ${agent.role} session for ${agent.rig}`
    : `✓ ${titleOf(agent)} session started`;
}

/** A client of the town's tmux server; from inside that very server, the client that is there already. */
async function wayIn(
  agent: Agent,
  desk: Desk,
): Promise<{
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
}> {
  const { at, context } = desk;
  const { env, isTerminal } = context;
  const read = readConfig(at);
  if (read.kind !== 'ok')
    throw new Failure(
      'settings-invalid',
      exitStatus.config,
      'The settings cannot be used.',
      'gt config validate',
    );
  const { tmux, path } = read.config;
  const byHand = `${tmux.tmpdir === null ? '' : `TMUX_TMPDIR=${shellWord(tmux.tmpdir)} `}tmux -L ${tmux.socket} attach-session`;
  if (!isTerminal || !isatty(0))
    throw new Failure(
      'no-terminal',
      exitStatus.failed,
      `${agent.id} can only be attached to from a terminal, and this is none.`,
      await elsewhere(agent, byHand, desk),
    );
  const file = findProgram('tmux', [...searchPath(env), ...path]);
  if (file === null)
    throw new Failure(
      'tmux-missing',
      exitStatus.unavailable,
      'There is no tmux on the search path.',
      'gt status',
    );
  const inside = (env.TMUX ?? '').split(',')[0] ?? '';
  const args = ['-u', '-L', tmux.socket];
  const ours = { ...env, ...(tmux.tmpdir === null ? {} : { TMUX_TMPDIR: tmux.tmpdir }) };
  if (inside === '') return { file, args: [...args, 'attach-session'], env: ours };
  if (inside === socketPathOf(tmux.socket, tmux.tmpdir))
    return { file, args: [...args, 'switch-client'], env: ours };
  throw new Failure(
    'other-tmux',
    exitStatus.failed,
    `This terminal is inside another tmux server than the town's (${inside}). Detach from it, or use another terminal.`,
    await elsewhere(agent, byHand, desk),
  );
}

/** What helps where this terminal will not do: the session has to be there before a person can go to it. */
async function elsewhere(agent: Agent, byHand: string, { at, context }: Desk): Promise<string> {
  const looked = await lookAt(at, context);
  refuseUnseen(looked.sight.snapshot);
  const { exists, session, trouble } = standingOf(agent, looked);
  if (exists) return `${byHand} -t '=${session}'`;
  return trouble === null ? `gt session start ${agent.id}` : `gt why ${agent.id}`;
}
