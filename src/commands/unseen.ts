import { exitStatus, Failure } from '../exit.ts';
import { type Fact, unknown } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { complaintText } from '../show/complaint.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Context } from './context.ts';

/** What keeps tmux from telling of the town's own agents (69); null: nothing does. Another keeper of the town is no such thing. */
function blindness({ obstacles, town }: Snapshot): Failure | null {
  const obstacle = obstacles.find(({ code }) => code !== 'go-daemon');
  if (obstacle === undefined) return null;
  const { code, message } = obstacle;
  return new Failure(code, exitStatus.unavailable, message, `gt status --town ${shellWord(town)}`);
}

/** What tmux tells of the town's own agents: a server that is not the town's says nothing of them. */
export function tmuxSeen(snapshot: Snapshot): Fact<Tmux> {
  const blind = blindness(snapshot);
  return blind === null || !snapshot.tmux.known ? snapshot.tmux : unknown(blind.message.replace(/\.$/, ''));
}

/** For a command that has nothing to say without tmux. */
export function refuseUnseen(snapshot: Snapshot): void {
  const blind = blindness(snapshot);
  if (blind !== null) throw blind;
}

/** The end of a command that has printed what is known: 69, and why on stderr, where tmux left the rest unknown. */
export function endSeen(snapshot: Snapshot, context: Context): number {
  const blind = blindness(snapshot);
  if (blind === null) return exitStatus.done;
  context.stderr(complaintText(blind));
  return blind.exit;
}
