import { exitStatus, Failure } from '../../exit.ts';
import type { Hold } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { momentText } from '../../show/time.ts';
import { parseDuration } from '../../town/duration.ts';
import { holdTarget } from '../../town/holding.ts';
import { namesOneAgent } from '../../town/identity.ts';
import { loadRigs } from '../../town/rigs.ts';
import { shellWord } from '../../town/shell-word.ts';
import { agentNamed } from '../agent-named.ts';
import type { Context } from '../context.ts';
import { holdText, townOf } from '../rigs/rig.ts';
import { holderOf, refuseHolding } from './hold-rights.ts';
import { logDeed } from './log-deed.ts';

export interface HoldOptions {
  readonly town?: string | undefined;
  /** An agent in any spelling, or a rig; the whole town when missing. */
  readonly target?: string | undefined;
  readonly reason?: string | undefined;
  /** A length of time like `2h`; until somebody ends it when missing. */
  readonly for?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Nobody means a hold of more than a year. */
const longestMs = 366 * 86_400_000;

/**
 * `gt hold [AGENT|RIG] --reason TEXT [--for 2h]`: nobody in it is started or nudged until the hold ends. What runs goes on.
 * A second hold of the same person on the same target takes the place of the first; another's stands beside it. An agent
 * may hold itself, the mayor anybody; else exit 77.
 */
export async function holdCommand(options: HoldOptions, context: Context): Promise<number> {
  const { town, target: given, json = false } = options;
  const reason = oneLine(options.reason ?? '');
  if (reason === '') {
    const words = ['gt hold', ...(given === undefined ? [] : [shellWord(given)])].join(' ');
    const message = 'A hold needs a reason, for those who find it later.';
    throw new Failure('usage', exitStatus.usage, message, `${words} --reason TEXT`);
  }
  const lasting = lengthIn(options.for);
  const at = townOf(town, context);
  const target = given === undefined ? '*' : targetNamed(given, at);
  refuseHolding({ target, kind: 'hold' }, lineOf(target, reason, options.for), at, context);
  const now = context.now();
  const edit = { at: now.toISOString(), command: 'gt hold' };
  const until = lasting === null ? null : new Date(now.getTime() + lasting).toISOString();
  const hold: Hold = { target, kind: 'hold', reason, by: holderOf(at, context), since: edit.at, until };
  const replaced = await holdTarget(at, hold, edit);
  const text = `held by ${hold.by}: ${reason}, ${endOf(hold, now)}`;
  logDeed(at, { kind: 'hold', target, text, evidence: { by: hold.by, reason, until } }, context);
  if (json) context.stdout(jsonText({ schema: 'gt.hold/1', town: at.root, hold, replaced }));
  else context.stdout(report(hold, replaced, now));
  return exitStatus.done;
}

/** The command that a person runs for this. */
function lineOf(target: string, reason: string, lasting: string | undefined): string {
  const named = target === '*' ? [] : [shellWord(target)];
  const until = lasting === undefined ? [] : ['--for', shellWord(lasting)];
  return ['gt hold', ...named, '--reason', shellWord(reason), ...until].join(' ');
}

function report(hold: Hold, replaced: Hold | null, now: Date): string {
  const { target } = hold;
  const who = target === '*' ? 'The whole town' : target;
  const whom = target === '*' ? 'nobody' : namesOneAgent(target) ? 'it no more' : 'none of its agents';
  const end = target === '*' ? 'gt resume' : `gt resume ${shellWord(target)}`;
  return [
    `✓ ${who} is held: ${hold.reason}, ${endOf(hold, now)}. To end it: ${end}`,
    ...(replaced === null ? [] : [`  It takes the place of an earlier one: ${holdText(replaced, now)}`]),
    `  The tick starts and wakes ${whom}; what runs goes on.`,
    '',
  ].join('\n');
}

/** When a hold ends, for people. */
function endOf({ until }: Hold, now: Date): string {
  return until === null ? 'until somebody ends it' : `until ${momentText(new Date(until), now)}`;
}

function targetNamed(given: string, at: ReturnType<typeof townOf>): string {
  const { rigs } = loadRigs(at);
  const name = given.replace(/\/$/, '');
  if (rigs.known && rigs.value.some((rig) => rig.name === name)) return name;
  return agentNamed(given, { rigs });
}

function lengthIn(given: string | undefined): number | null {
  if (given === undefined) return null;
  const ms = parseDuration(given);
  if (ms !== null && ms >= 1000 && ms <= longestMs) return ms;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--for takes a length of time like 2h or 30m, of at most a year, not ${JSON.stringify(given)}.`,
    'gt hold --help',
  );
}
