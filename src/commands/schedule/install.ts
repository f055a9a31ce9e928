import type { Examined } from '../../doctor/finding.ts';
import { exitStatus } from '../../exit.ts';
import type { Installed, SchedulerName } from '../../model/schedule.ts';
import { installSchedule, type Scheduled } from '../../schedule/change.ts';
import { everyMinutes as readEvery } from '../../schedule/every.ts';
import { foundSchedules } from '../../schedule/found.ts';
import type { Host } from '../../schedule/host.ts';
import { type Proof, prove } from '../../schedule/prove.ts';
import { commandOf } from '../../schedule/registration.ts';
import { chooseScheduler, schedulers } from '../../schedule/schedulers.ts';
import { jsonText } from '../../show/json.ts';
import { everyText, problemLines } from '../../show/schedule.ts';
import type { Style } from '../../show/style.ts';
import { writeEvery } from '../../town/settings-edit.ts';
import { shellWord } from '../../town/shell-word.ts';
import { type Context, styleFor } from '../context.ts';
import { examineAsCron } from '../doctor/as-cron.ts';
import { factsHere } from '../doctor/doctor.ts';
import { enlist } from '../install/enlist.ts';
import { type Desk, openDesk } from './desk.ts';

export interface ScheduleInstallOptions {
  readonly town?: string | undefined;
  readonly scheduler: SchedulerName | 'auto';
  /** A duration; the settings' `tick.every` when missing. */
  readonly every?: string | undefined;
  readonly print: boolean;
  readonly json: boolean;
}

/**
 * `gt schedule install`: one scheduler calls this town's tick, in an environment that a dry run has just been tried in.
 * Exit 1 when that did not succeed, or something else keeps the heartbeat from coming. Ends with the self-test of
 * `gt doctor --as-cron`.
 */
export async function scheduleInstallCommand(
  options: ScheduleInstallOptions,
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDesk({ ...options, reading: options.print }, context, host);
  if (options.print) return printOnly(desk, options, context);
  const done = await carryOut(desk, options, context);
  const { proof, found, works } = await tryOut(desk, done, context);
  const seen = await examineAsCron(desk.layout, await factsHere(desk.layout, context), context);
  context.stdout(
    options.json ? document(desk, done, found, proof, seen) : report(desk, done, found, proof, seen, context),
  );
  return works ? exitStatus.done : exitStatus.failed;
}

/** The change itself: the settings' length, the schedule, the list of this user's towns. */
export async function carryOut(
  { layout, host, registration, settingsEveryMs }: Desk,
  { scheduler, every }: Pick<ScheduleInstallOptions, 'scheduler' | 'every'>,
  context: Context,
): Promise<Scheduled> {
  const since = context.now().toISOString();
  const command = 'gt schedule install';
  if (context.isTerminal) context.stderr(`Installing the schedule of ${layout.root} …\n`);
  const done = await installSchedule(registration, scheduler, host, { since, command });
  const everyMs = every === undefined ? settingsEveryMs : readEvery(every) * 60_000;
  if (everyMs !== settingsEveryMs) await writeEvery(layout, everyMs, { at: since, command });
  await enlist(layout.root, command, context);
  return done;
}

/** What became of a change: a dry run in the schedule's environment, and the registration as it is found now. */
export interface Tried {
  readonly proof: Proof;
  readonly found: Installed | null;
  /** Nothing keeps the heartbeat from coming. What the scheduler sees otherwise is told, and is no failure. */
  readonly works: boolean;
}

export async function tryOut(
  { registration, host }: Desk,
  { chosen, kept }: Scheduled,
  context: Context,
): Promise<Tried> {
  const proof = await prove(registration, host.user, context.run);
  const all = await foundSchedules(registration, host);
  const found = all.find(({ scheduler }) => scheduler === chosen.name) ?? null;
  const stopped = found?.problems.some(({ stops }) => stops) ?? false;
  return { proof, found, works: proof.ok && kept.length === 0 && !stopped };
}

async function printOnly(
  desk: Desk,
  { scheduler, json }: ScheduleInstallOptions,
  context: Context,
): Promise<number> {
  const { registration, host } = desk;
  const named = schedulers(host).find(({ name }) => name === scheduler);
  const chosen = named ?? (await chooseScheduler('auto', registration, host)).chosen;
  const files = chosen.wanted(registration);
  context.stdout(
    json
      ? jsonText({ schema: 'gt.schedule-print/1', town: registration.town, scheduler: chosen.name, files })
      : files.map(({ where, text }) => `### ${where}\n${text}`).join('\n'),
  );
  return exitStatus.done;
}

function report(
  { registration, left }: Desk,
  { chosen, why, changed, removed, kept }: Scheduled,
  found: Installed | null,
  proof: Proof,
  seen: Examined,
  context: Context,
): string {
  const style = styleFor(context);
  const { town, everyMinutes } = registration;
  const how = changed ? '' : ' (it did already; nothing was changed)';
  const lines = [
    `${style('good', '✓')} ${chosen.name} calls gt tick for ${town} ${everyText(everyMinutes * 60_000)}${how}.`,
    ...(why === null ? [] : [`  chosen because ${why}; another: --scheduler NAME`]),
    ...(found?.where ?? []).map((where) => `  in ${where}`),
    `  calls ${commandOf(registration).map(shellWord).join(' ')}`,
    ...removed.map((name) => `  ${name} called it too, and does no longer`),
    ...kept.map((one) => `${style('bad', '✗')} may still call it as well: ${one}`),
    ...left.map((one) => `${style('warn', '!')} not handed on: ${one}`),
    proof.ok
      ? `${style('good', '✓')} tried in the same environment, as a dry run: ${proof.message}`
      : `${style('bad', '✗')} tried in the same environment, as a dry run: ${proof.message}`,
    ...problemLines(found?.problems ?? [], style),
    ...seenLines(seen, style),
    `Next: gt schedule status --town ${shellWord(town)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The self-test of `gt doctor --as-cron`: what is wrong through the scheduler's eyes, each with what to do. */
function seenLines({ findings, saw }: Examined, style: Style): readonly string[] {
  if (findings.length === 0) return [`${style('good', '✓')} the scheduler sees what you see: ${saw}`];
  return findings.flatMap(({ message, remedy }) => [
    `${style('warn', '!')} as the scheduler sees it: ${message}`,
    ...(remedy === null ? [] : [`  next: ${remedy}`]),
  ]);
}

function document(
  { registration, left }: Desk,
  { chosen, why, changed, removed, kept }: Scheduled,
  found: Installed | null,
  proof: Proof,
  seen: Examined,
): string {
  return jsonText({
    schema: 'gt.schedule-install/1',
    town: registration.town,
    scheduler: chosen.name,
    why,
    changed,
    removed,
    kept,
    where: found?.where ?? [],
    command: commandOf(registration),
    every_seconds: registration.everyMinutes * 60,
    environment: registration.env,
    not_handed_on: left,
    dry_run: proof,
    as_scheduled: seen.findings.map(({ code, message, remedy }) => ({ code, message, remedy })),
    problems: (found?.problems ?? []).map(({ code, message, hint }) => ({ code, message, hint })),
  });
}
