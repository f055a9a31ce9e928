import type { PassReport } from '../model/pass-report.ts';
import { readRun } from '../persist/run-file.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined, Finding } from './finding.ts';

/** How many intervals may pass without a heartbeat (F66). */
const patience = 3;

export const examineHeartbeat: Examine = ({ layout, now }) => {
  const run = readRun(layout);
  return judgeHeartbeat(run.kind === 'ok' ? run.value : null, now, layout.root);
};

/** Did the last pass come when it should, and end well? */
export function judgeHeartbeat(last: PassReport | null, now: number, town: string): Examined {
  const at = `--town ${shellWord(town)}`;
  const examined = (saw: string, ...findings: readonly Finding[]): Examined => ({
    name: 'heartbeat',
    saw,
    findings,
  });
  if (last === null || last.started_at === null) {
    const message =
      'No heartbeat is recorded: either nothing calls gt tick, or no pass ever reached its end.';
    return examined('never', { code: 'heartbeat-never', message, since: null, remedy: `gt tick ${at}` });
  }
  const begun = Date.parse(last.started_at);
  const late = now - begun > patience * (last.interval_seconds ?? 0) * 1000;
  const findings: Finding[] = [];
  if (late) {
    const message = `The last heartbeat was at ${last.started_at}, and the next was due at ${last.next_due_at ?? 'once'}: it has not come.`;
    findings.push({
      code: 'heartbeat-late',
      message,
      since: last.next_due_at,
      remedy: `gt schedule status ${at}`,
    });
  }
  if (last.exit !== 0) {
    const message = `The last heartbeat ended with exit status ${last.exit}.`;
    findings.push({ code: 'heartbeat-failed', message, since: last.finished_at, remedy: `gt status ${at}` });
  }
  return examined(`last at ${last.started_at}, exit status ${last.exit}`, ...findings);
}
