import { readFileSync } from 'node:fs';

/** Whether a process has children, where the system tells; an agent may run below a shell script in its pane. */
export function hasChildren(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '';
  } catch {
    return false;
  }
}
