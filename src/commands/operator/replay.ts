import { decide } from '../../decide/decide.ts';
import { exitStatus, Failure } from '../../exit.ts';
import { counted } from '../../model/counted.ts';
import type { Plan } from '../../model/plan.ts';
import { readStoredPass, type StoredPass } from '../../persist/pass-file.ts';
import { listPasses } from '../../persist/passes.ts';
import { differencesOf } from '../../show/difference.ts';
import { jsonText } from '../../show/json.ts';
import { passReport } from '../../show/pass-report.ts';
import { notesText, passText } from '../../show/pass-text.ts';
import { oneLine } from '../../show/printable.ts';
import type { Layout } from '../../town/layout.ts';
import { agentNamed } from '../agent-named.ts';
import { type Context, styleFor } from '../context.ts';
import { townOf } from '../rigs/rig.ts';
import { passList } from './pass-list.ts';

export interface ReplayOptions {
  readonly town?: string | undefined;
  /** A pass's id, its beginning or its last letters, or `last`; missing: the passes are listed. */
  readonly pass?: string | undefined;
  readonly json?: boolean | undefined;
}

/**
 * `gt replay PASS`: decides once more on what a stored pass saw and remembered, and says whether the same plan comes of
 * it. Touches nothing and starts nothing. Exit 1 when the plan is another one.
 */
export function replayCommand({ town, pass, json = false }: ReplayOptions, context: Context): number {
  const at = townOf(town, context, { reading: true });
  if (pass === undefined) return passList(at, json, context);
  const id = passNamed(pass, listPasses(at));
  const stored = storedPass(at, id);
  const { byHand } = stored.manner;
  if (byHand !== undefined) return handMade({ id, byHand, stored, at, json }, context);
  const plan = decideAgain(stored, id);
  const differences = differencesOf(asJson(stored.plan), asJson(plan));
  const same = differences.length === 0;
  if (json) {
    context.stdout(
      jsonText({
        schema: 'gt.replay/1',
        town: at.root,
        pass: id,
        same,
        differences,
        plan,
        report: stored.report,
      }),
    );
  } else {
    context.stdout(`${planText(plan, stored, id, at, context)}${verdict(differences)}`);
  }
  return same ? exitStatus.done : exitStatus.failed;
}

/** What somebody's command did has no decision to compare: it was asked for. */
function handMade(
  {
    id,
    byHand,
    stored: { plan, report },
    at,
    json,
  }: {
    readonly id: string;
    readonly byHand: string;
    readonly stored: StoredPass;
    readonly at: Layout;
    readonly json: boolean;
  },
  context: Context,
): number {
  context.stdout(
    json
      ? jsonText({
          schema: 'gt.replay/1',
          town: at.root,
          pass: id,
          by_hand: byHand,
          same: null,
          differences: [],
          plan,
          report,
        })
      : `○ ${id} was made by hand, with ${byHand}: no rule decided it, so there is nothing to decide again.\n`,
  );
  return exitStatus.done;
}

function decideAgain({ snapshot, state, tick, manner }: StoredPass, pass: string): Plan {
  // The rules go by the settings of the tick alone; everything else is in the snapshot already.
  const config = {
    defaultAgent: '',
    roleAgents: {},
    runtimes: {},
    tmux: { socket: '', tmpdir: null },
    path: [],
    tick,
  };
  const { careful, part } = manner;
  const only = manner.only === null ? null : agentNamed(manner.only, snapshot);
  return decide(snapshot, state, config, { pass, careful, only, part });
}

function planText(plan: Plan, { snapshot }: StoredPass, pass: string, at: Layout, context: Context): string {
  const then = new Date(snapshot.now.wall);
  const report = passReport(plan, null, {
    town: at.root,
    pass,
    reason: 'due',
    dryRun: true,
    startedAt: then,
    finishedAt: then,
    warnings: [],
    subprocesses: 0,
    exit: plan.exit,
  });
  const style = styleFor(context);
  return `${passText(report, then, style).replace('dry run', `replay of ${pass}`)}${notesText(report, then, style)}`;
}

/** So many differences are shown. */
const most = 20;

function verdict(differences: readonly string[]): string {
  if (differences.length === 0) return '✓ The same plan as then.\n';
  const more = differences.length - most;
  return [
    '✗ Another plan than then:',
    ...differences.slice(0, most).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    '  Rules that have changed since decide otherwise; with the same gt this would be a bug.',
    '',
  ].join('\n');
}

function passNamed(given: string, passes: readonly string[]): string {
  if (given.trim() === '')
    throw new Failure('usage', exitStatus.usage, 'Which pass is meant was not said.', 'gt replay');
  const [newest] = passes;
  if (given === 'last' && newest !== undefined) return newest;
  const exact = passes.filter((pass) => pass === given);
  const found =
    exact.length > 0 ? exact : passes.filter((pass) => pass.startsWith(given) || pass.endsWith(`-${given}`));
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  const several = found.length > 1;
  throw new Failure(
    several ? 'pass-ambiguous' : 'pass-unknown',
    exitStatus.usage,
    several
      ? `${given} may be ${found.slice(0, 5).join(' or ')}${found.length > 5 ? ' …' : ''}.`
      : `No stored pass is called ${oneLine(given)}; ${counted(passes.length, 'pass is', 'passes are')} kept.`,
    'gt replay',
  );
}

function storedPass(at: Layout, id: string): StoredPass {
  const read = readStoredPass(at, id);
  if (read.kind === 'ok') return read.value;
  const why = { absent: 'is gone by now', unreadable: 'cannot be read', invalid: '' }[read.kind];
  const detail = read.kind === 'invalid' ? read.reason : read.kind === 'unreadable' ? read.message : '';
  throw new Failure(
    'pass-unreadable',
    exitStatus.data,
    `The pass ${id} ${[why, detail].filter((part) => part !== '').join(': ')}, so it cannot be decided again.`,
    'gt replay',
  );
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
