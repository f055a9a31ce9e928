import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { jsonText } from '../../show/json.ts';
import { printable } from '../../show/printable.ts';
import { capturePane } from '../../tmux/commands.ts';
import { runScript } from '../../tmux/script.ts';
import type { Context } from '../context.ts';
import { lookAtTown, type TownSeen, unable } from '../pane-teller.ts';
import { refuseUnseen } from '../unseen.ts';
import { agentMeant, around } from './targets.ts';

export interface PeekOptions {
  readonly town?: string | undefined;
  readonly target: string;
  /** How many lines; the second argument or `-n`. 100 when missing. */
  readonly lines?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt peek TARGET [LINES]` (spec/agents.md §3.5): the last lines of an agent's own pane, whatever else shows there made
 * printable. Sends no key and changes nothing. Exit 1 when the agent has no session, 69
 * where that cannot be told.
 */
export async function peekCommand(options: PeekOptions, context: Context): Promise<number> {
  const { town, target, lines: count, json = false } = options;
  const seen = await lookAtTown(town, context, { reading: true });
  const agent = agentMeant(target, around(seen, context));
  const { lines, pane, session } = await paneLines(agent, count, seen);
  if (json) context.stdout(jsonText({ schema: 'gt.peek/1', agent: agent.id, session, pane, lines }));
  else context.stdout(lines.map((line) => `${line}\n`).join(''));
  return exitStatus.done;
}

/** What an agent's own pane shows, at most the last `given` lines. */
export async function paneLines(
  agent: Agent,
  given: string | undefined,
  seen: TownSeen,
): Promise<{ readonly lines: readonly string[]; readonly pane: string; readonly session: string }> {
  const count = linesAsked(given);
  const { pane, session } = paneOf(agent, seen);
  return { lines: lastLines(await capture(pane, count, seen), count), pane, session };
}

function linesAsked(given: string | undefined): number {
  if (given === undefined || given === '') return 100;
  if (/^[1-9]\d{0,4}$/.test(given)) return Number(given);
  throw new Failure(
    'usage',
    exitStatus.usage,
    `A number of lines is needed, not ${JSON.stringify(given)}.`,
    'gt peek --help',
  );
}

function paneOf(agent: Agent, seen: TownSeen): { readonly pane: string; readonly session: string } {
  const finding = seen.findings.get(agent.id);
  const liveness = finding?.liveness;
  if (finding !== undefined && liveness !== undefined && 'pane' in liveness)
    return { pane: liveness.pane, session: finding.session };
  const { tmux } = seen.sight.snapshot;
  if (tmux.known && tmux.value.kind === 'absent' && liveness?.is === 'absent') {
    const { socket } = tmux.value;
    throw new Failure(
      'tmux-not-running',
      exitStatus.failed,
      `No tmux server runs on ${socket}, so ${agent.id} has no session.`,
      'gt up',
    );
  }
  refuseUnseen(seen.sight.snapshot);
  const { result, sentence } = unable(finding);
  throw new Failure(
    result === 'unknown' ? 'pane-unknown' : 'session-not-found',
    result === 'unknown' ? exitStatus.unavailable : exitStatus.failed,
    `session ${JSON.stringify(finding?.session ?? agent.id)} not found: ${sentence}.`,
    'gt status',
  );
}

async function capture(pane: string, count: number, { sight }: TownSeen): Promise<string> {
  const { client } = sight;
  const [looked] =
    client === null
      ? []
      : await runScript(client, [{ id: 'peek', commands: [capturePane(pane, count)] }], {
          startServer: false,
        });
  if (looked?.result === 'ok') return looked.output;
  const why = looked !== undefined && 'error' in looked ? looked.error : 'tmux gave no answer';
  throw new Failure(
    'pane-unreadable',
    exitStatus.unavailable,
    `The pane ${pane} cannot be read: ${why}.`,
    'gt status',
  );
}

/** Without the empty lines below what was printed. */
function lastLines(text: string, count: number): readonly string[] {
  const lines = printable(text.replace(/\n$/, ''))
    .split('\n')
    .map((line) => line.trimEnd());
  const end = lines.findLastIndex((line) => line !== '') + 1;
  return lines.slice(Math.max(0, end - count), end);
}
