import { exitStatus, Failure } from '../../exit.ts';
import type { ScheduleProblem, SchedulerName } from '../../model/schedule.ts';
import { loadState } from '../../persist/state.ts';
import { removeSchedule } from '../../schedule/change.ts';
import type { Host } from '../../schedule/host.ts';
import { type DaemonStanding, daemonDocument, daemonText } from '../../show/daemon.ts';
import { jsonText } from '../../show/json.ts';
import { everyText, problemLines } from '../../show/schedule.ts';
import type { Style } from '../../show/style.ts';
import { shellWord } from '../../town/shell-word.ts';
import { type Context, styleFor } from '../context.ts';
import { openDesk, openDeskAnyway } from './desk.ts';
import { carryOut, type Tried, tryOut } from './install.ts';
import { standingOfSchedule } from './standing.ts';

export interface DaemonOptions {
  readonly town?: string | undefined;
  readonly json: boolean;
}

/**
 * `gt daemon start`: upstream's name for `gt schedule install` (spec/agents.md §3.13). Nothing stays resident. Exit 1 as
 * there: when the heartbeat will not come.
 */
export async function daemonStartCommand(
  { town, scheduler, json }: DaemonOptions & { readonly scheduler: SchedulerName | 'auto' },
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDesk({ town }, context, host);
  const done = await carryOut(desk, { scheduler }, context);
  const { chosen, changed, kept } = done;
  const { proof, found, works } = await tryOut(desk, done, context);
  const problems = found?.problems ?? [];
  const everyMs = desk.registration.everyMinutes * 60_000;
  context.stdout(
    json
      ? jsonText({
          schema: 'gt.daemon-start/1',
          town: desk.layout.root,
          started: works,
          changed,
          scheduler: chosen.name,
          resident: false,
          kept,
          dry_run: proof,
          problems: problems.map(({ code, message, hint }) => ({ code, message, hint })),
        })
      : startedText({ works, name: chosen.name, everyMs, proof, kept, problems }, styleFor(context)),
  );
  return works ? exitStatus.done : exitStatus.failed;
}

function startedText(
  {
    works,
    name,
    everyMs,
    proof,
    kept,
    problems,
  }: Pick<Tried, 'works' | 'proof'> & {
    readonly name: SchedulerName;
    readonly everyMs: number;
    readonly kept: readonly string[];
    readonly problems: readonly ScheduleProblem[];
  },
  style: Style,
): string {
  const calls = `${name} calls gt tick ${everyText(everyMs)}; no process stays resident`;
  const lines = [
    works
      ? `${style('good', '✓')} Daemon started: ${calls}.`
      : `${style('bad', '✗')} Daemon not started as it should be: ${calls}, but the heartbeat does not come.`,
    ...(proof.ok ? [] : [`${style('bad', '✗')} tried as a dry run: ${proof.message}`]),
    ...kept.map((one) => `${style('bad', '✗')} may still call it as well: ${one}`),
    ...problemLines(problems, style),
    ...(works ? [] : ['', 'See: gt schedule status']),
  ];
  return `${lines.join('\n')}\n`;
}

/** `gt daemon stop`: upstream's name for `gt schedule uninstall`; exit 1 when nothing was installed. */
export async function daemonStopCommand(
  { town, json }: DaemonOptions,
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDeskAnyway({ town }, context, host);
  const { root } = desk.layout;
  const { removed, kept } = await removeSchedule(desk.registration, desk.host, {
    since: context.now().toISOString(),
    command: 'gt daemon stop',
  });
  if (removed.length === 0 && kept.length > 0) {
    throw new Failure(
      'daemon-not-stopped',
      exitStatus.failed,
      `gt tick may still be called for ${root}: ${kept.join('; ')}.`,
      `gt schedule status --town ${shellWord(root)}`,
    );
  }
  for (const one of kept) context.stderr(`It may still be called: ${one}\n`);
  if (removed.length === 0) {
    throw new Failure(
      'daemon-not-running',
      exitStatus.failed,
      `daemon is not running: nobody calls gt tick for ${root}.`,
      `gt daemon start --town ${shellWord(root)}`,
    );
  }
  context.stdout(
    json
      ? jsonText({ schema: 'gt.daemon-stop/1', town: root, stopped: kept.length === 0, schedulers: removed })
      : `✓ Daemon stopped: ${removed.join(' and ')} no longer calls gt tick.\n`,
  );
  return kept.length === 0 ? exitStatus.done : exitStatus.failed;
}

/** `gt daemon status`: the truth in upstream's words. Exit 0 either way, as upstream's. */
export async function daemonStatusCommand(
  { town, json }: DaemonOptions,
  context: Context,
  host?: Host,
): Promise<number> {
  const desk = openDeskAnyway({ town, reading: true }, context, host);
  const schedule = await standingOfSchedule(desk, context);
  const { state } = loadState(desk.layout, { look: true });
  const standing: DaemonStanding = {
    schedule,
    lastHeartbeat: state.lastHeartbeat === null ? null : new Date(state.lastHeartbeat),
    heartbeats: state.heartbeatCount,
  };
  context.stdout(json ? jsonText(daemonDocument(standing)) : daemonText(standing, styleFor(context)));
  return exitStatus.done;
}
