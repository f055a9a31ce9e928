import { examineTown } from '../../doctor/examinations.ts';
import type { Examined, Patient } from '../../doctor/finding.ts';
import { exitStatus, failureOf } from '../../exit.ts';
import { firstState, type State } from '../../model/state.ts';
import { readClock } from '../../observe/clock.ts';
import { loadState } from '../../persist/state.ts';
import { doctorText } from '../../show/doctor.ts';
import { jsonText } from '../../show/json.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import { defaultConfig, readConfig } from '../../town/settings.ts';
import { rigNamed } from '../agents/desk.ts';
import { type Context, searchPath, styleFor } from '../context.ts';
import { lookAround } from '../tick/sight.ts';
import { repair } from './fix.ts';

export interface DoctorOptions {
  readonly town?: string | undefined;
  /** Must exist; every rig is examined all the same. */
  readonly rig?: string | undefined;
  /** Put right what can be put right without asking. */
  readonly fix: boolean;
  /** Also look through the scheduler's eyes. */
  readonly asCron: boolean;
  readonly json: boolean;
}

/** `gt doctor`: everything that has ever stopped a town, looked at in turn. Exit status 0 healthy, 1 findings. */
export async function doctorCommand(options: DoctorOptions, context: Context): Promise<number> {
  const { town, rig, fix, json } = options;
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading: !fix }));
  const { rigs } = loadRigs(at);
  if (rig !== undefined && rigs.known) rigNamed(rig, null, { rigs: rigs.value });
  const examined = [...(await examineTown(await patientOf(at, context)))];
  const { examineSchedule } = await import('./schedule.ts');
  examined.push(await examineSchedule(at, beats(examined), context));
  if (options.asCron) {
    const { examineAsCron } = await import('./as-cron.ts');
    examined.push(await examineAsCron(at, factsOf(at, examined), context));
  }
  const repaired = fix ? await repair(at, examined, context) : new Map<object, string | null>();
  const left = examined
    .flatMap(({ findings }) => findings)
    .filter((finding) => repaired.get(finding) !== null);
  if (json) context.stdout(jsonText(documentOf(at, examined, repaired, left.length === 0)));
  else context.stdout(doctorText(examined, repaired, context.now(), styleFor(context)));
  return left.length === 0 ? exitStatus.done : exitStatus.failed;
}

/** The heartbeat has an examination of its own, which says when it does not come. */
function beats(examined: readonly Examined[]): boolean {
  const codes = examined.flatMap(({ findings }) => findings.map(({ code }) => code));
  return !codes.includes('heartbeat-never') && !codes.includes('heartbeat-late');
}

async function patientOf(at: Layout, context: Context): Promise<Patient> {
  const now = readClock(context, at);
  const read = readConfig(at);
  const config = read.kind === 'ok' ? read.config : defaultConfig();
  const path = [...searchPath(context.env), ...config.path];
  const base = { layout: at, config, env: context.env, path, run: context.run, now: now.wall };
  try {
    const sight = await lookAround(at, now, rememberedBy(at), context);
    return { ...base, config: sight.config, snapshot: sight.snapshot, blind: null };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return { ...base, snapshot: null, blind: `The town could not be looked at: ${failure.message}` };
  }
}

/** A state that cannot be used has an examination of its own. */
function rememberedBy(at: Layout): State {
  try {
    return loadState(at, { look: true }).state;
  } catch {
    return firstState;
  }
}

/** The facts of this town as the caller sees them, for the self-test `--as-cron` outside a full examination. */
export async function factsHere(
  at: Layout,
  context: Context,
): Promise<Readonly<Record<string, string | null>>> {
  return factsOf(at, await examineTown(await patientOf(at, context)));
}

/** What `--as-cron` holds against the same of the scheduler's. */
function factsOf(at: Layout, examined: readonly Examined[]): Readonly<Record<string, string | null>> {
  return Object.assign({ town: at.root }, ...examined.map(({ facts = {} }) => facts));
}

/** `fixed`: true, false, or null where nothing was tried. */
function documentOf(
  at: Layout,
  examined: readonly Examined[],
  repaired: ReadonlyMap<object, string | null>,
  healthy: boolean,
): object {
  return {
    schema: 'gt.doctor/1',
    town: at.root,
    healthy,
    checks: examined.map(({ name, saw, findings }) => ({
      name,
      saw,
      findings: findings.map((finding) => {
        const { code, message, since, remedy } = finding;
        const problem = repaired.get(finding);
        return { code, message, since, remedy, fixed: problem === undefined ? null : problem === null };
      }),
    })),
    facts: factsOf(at, examined),
  };
}
