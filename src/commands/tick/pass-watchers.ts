import { resolve } from 'node:path';
import { ping } from '../../act/ping.ts';
import { failureOf } from '../../exit.ts';
import type { Watching } from '../../model/config.ts';
import type { PassReport } from '../../model/pass-report.ts';
import { writeMetrics } from '../../persist/metrics-file.ts';
import { noteTold } from '../../persist/watchers-file.ts';
import { createRun } from '../../run.ts';
import { metricsText } from '../../show/metrics.ts';
import type { Layout } from '../../town/layout.ts';
import { type Context, searchPath } from '../context.ts';

/** How long a dead man's switch may take to answer, milliseconds. */
const pingMs = 5_000;

/** Leaves the pass's figures where a collector finds them. Fails nothing; what goes wrong is noted for `gt doctor`. */
export function tellCollector({ metricsFile }: Watching, layout: Layout, report: PassReport): void {
  if (metricsFile === null) return;
  let reason: string | null = null;
  try {
    if (`${resolve(metricsFile)}/`.startsWith(`${layout.root}/`))
      throw new Error(`tick.metrics_file, ${metricsFile}, lies in the town, whose files are its own`);
    writeMetrics(metricsFile, metricsText(report));
  } catch (error) {
    reason = failureOf(error)?.message ?? String(error);
  }
  noteTold(layout, 'metrics', report.finished_at ?? '', reason);
}

/** Tells the dead man's switch of a good pass. Call it when the lock is free again: it may take seconds. */
export async function tellSwitch(
  watching: Watching,
  layout: Layout,
  path: readonly string[],
  context: Context,
): Promise<void> {
  if (watching.ping === null) return;
  const run = createRun({ path: [...searchPath(context.env), ...path] });
  const reason = await ping(watching.ping, { run, env: context.env, timeoutMs: pingMs });
  noteTold(layout, 'ping', context.now().toISOString(), reason);
}
