import { exitStatus } from '../../exit.ts';
import type { Hold } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { hasEnded } from '../../town/holding.ts';
import { readHolds } from '../../town/holds.ts';
import { editHolds } from '../../town/holds-edit.ts';
import { loadRigs } from '../../town/rigs.ts';
import { agentNamed } from '../agent-named.ts';
import type { Context } from '../context.ts';
import { editing, holdText, townOf } from '../rigs/rig.ts';
import { endingOf } from './hold-ending.ts';
import { holderOf, refuseLifting, whom } from './hold-rights.ts';
import { logDeed } from './log-deed.ts';

export interface ResumeOptions {
  readonly town?: string | undefined;
  /** An agent in any spelling, or a rig; everybody when missing. */
  readonly target?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt resume [AGENT|RIG]`: ends shutdowns that agents asked for, and people's holds; of a rig also those of its agents.
 * Exit 1 when something else still holds the target. Parking ends with `gt rig unpark`, an `ESTOP` file by removing it.
 * An agent ends only holds that it placed itself; else exit 77, and all of them stay. Holds whose time is up are cleared away.
 */
export async function resumeCommand(
  { town, target, json = false }: ResumeOptions,
  context: Context,
): Promise<number> {
  const at = townOf(town, context);
  const { rigs } = loadRigs(at);
  const names = rigs.known ? rigs.value.map(({ name }) => name) : [];
  const meant = target === undefined || names.includes(target) ? target : agentNamed(target, { rigs });
  const covers = (hold: Hold) =>
    meant === undefined || hold.target === meant || hold.target.startsWith(`${meant}/`);
  const edit = editing('gt resume', context);
  const ended = await editHolds(at, edit, (holds) => {
    const gone = holds.filter((hold) => isOurs(hold) && covers(hold));
    refuseLifting(gone, at, context);
    const result = gone.filter((hold) => !hasEnded(hold, edit.at));
    return { result, holds: gone.length === 0 ? null : holds.filter((hold) => !gone.includes(hold)) };
  });
  for (const { target: released, kind, reason } of ended) {
    const text = `no longer held, by ${holderOf(at, context)} (${kind}: ${oneLine(reason)})`;
    logDeed(at, { kind: 'resume', target: released, text }, context);
  }
  const holds = readHolds(at, context.now().getTime(), names);
  const left = holds.known ? holds.value.filter((hold) => hold.target === '*' || covers(hold)) : [];
  if (json) {
    const changed = ended.length > 0;
    context.stdout(
      jsonText({ schema: 'gt.resume/1', town: at.root, target: meant ?? null, changed, ended, holds: left }),
    );
  } else {
    const lines = ended.map(
      (hold) =>
        `✓ ${capital(whom(hold))} is no longer held (${hold.kind}: ${holdText(hold, context.now())})\n`,
    );
    context.stdout(lines.join('') || `○ Nothing that gt resume could end holds ${meant ?? 'anybody'}.\n`);
  }
  for (const hold of left)
    context.stderr(
      `${capital(whom(hold))} is still held (${hold.kind}) by ${oneLine(hold.by)}: ${oneLine(hold.reason)}. To end that: ${endingOf(hold)}\n`,
    );
  return left.length > 0 ? exitStatus.failed : exitStatus.done;
}

function capital(text: string): string {
  return text === 'the whole town' ? 'The whole town' : text;
}

function isOurs({ kind }: Hold): boolean {
  return kind === 'shutdown' || kind === 'hold';
}
