import type { PassReport, ReportedAction } from '../model/pass-report.ts';

/** Every kind is always there, at zero if need be, so that a graph has no holes and an alert can name any of them. */
const kinds: Readonly<Record<ReportedAction['kind'], true>> = {
  start: true,
  recreate: true,
  kill: true,
  nudge: true,
  settle: true,
  mail: true,
  alert: true,
};
const results: readonly ReportedAction['result'][] = ['ok', 'failed', 'skipped'];

/**
 * A pass in the text format of Prometheus, for the textfile collector: without timestamps of its own, one `# HELP` for each
 * name, the same in every town's file. Lengths of time in seconds, moments in seconds since 1970.
 */
export function metricsText(report: PassReport): string {
  const { town, exit, actions, agents, subprocesses } = report;
  const begun = secondsOf(report.started_at);
  const ended = secondsOf(report.finished_at);
  const own = { town };
  const done = Object.keys(kinds).flatMap((kind) =>
    results.map((result): Sample => {
      const matching = actions.filter((action) => action.kind === kind && action.result === result);
      return [{ ...own, kind, result }, matching.length];
    }),
  );
  const found = Object.entries(agents ?? {}).map(([state, count]): Sample => [{ ...own, state }, count]);
  return [
    metric('gt_last_pass_timestamp_seconds', 'When the last pass ended.', [[own, ended]]),
    metric('gt_last_pass_duration_seconds', 'How long the last pass took.', [
      [own, begun === null || ended === null ? null : round(ended - begun)],
    ]),
    metric('gt_last_pass_success', 'Whether the last pass ended with exit status 0.', [
      [own, exit === 0 ? 1 : 0],
    ]),
    metric('gt_last_pass_exit_status', 'Exit status of the last pass.', [[own, exit]]),
    metric('gt_last_pass_subprocesses', 'Programs the last pass started.', [[own, subprocesses]]),
    metric('gt_last_pass_actions', 'Actions of the last pass by kind and result.', done),
    metric('gt_agents', 'Agents as the last pass found them.', found),
    metric('gt_next_pass_timestamp_seconds', 'When the next pass is due.', [
      [own, secondsOf(report.next_due_at)],
    ]),
  ].join('');
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null];

function metric(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === null ? [] : [`${name}{${labelsText(labels)}} ${value}`],
  );
  if (lines.length === 0) return '';
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function secondsOf(time: string | null): number | null {
  return time === null ? null : round(Date.parse(time) / 1000);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
