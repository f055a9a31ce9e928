import { readdirSync, readFileSync } from 'node:fs';

/** Names under which cron runs. */
const names = new Set(['cron', 'crond', 'fcron', 'busybox', 'cronie', 'dcron', 'bcron-sched']);

/** Whether a cron runs on this machine; null where the system does not show other people's processes. */
export function cronRuns(): boolean | null {
  if (process.platform !== 'linux') return null;
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    if (!processes.includes('1')) return null;
    return processes.some(
      (pid) => names.has(nameOf(pid)) && (nameOf(pid) !== 'busybox' || isBusyboxCron(pid)),
    );
  } catch {
    return null;
  }
}

function nameOf(pid: string): string {
  return textOf(`/proc/${pid}/comm`).trim();
}

function isBusyboxCron(pid: string): boolean {
  return textOf(`/proc/${pid}/cmdline`)
    .split('\0')
    .some((word) => word.endsWith('crond'));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
