import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SignOfLife } from './options.ts';

/** Shows that the stand-in lives, in the shape real agents use (spec/tick.md §2.6, §2.7). Never throws: agents go on. */
export function showLife({ file, shape }: SignOfLife, action: string): void {
  const timestamp = new Date().toISOString();
  const document =
    shape === 'keepalive'
      ? { last_command: action, timestamp }
      : { timestamp, cycle: cycleOf(file) + 1, last_action: action, healthy_agents: 0, unhealthy_agents: 0 };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(document), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A full disk is no reason for an agent to stop.
  }
}

function cycleOf(file: string): number {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null && 'cycle' in read && typeof read.cycle === 'number'
      ? read.cycle
      : 0;
  } catch {
    return 0;
  }
}
