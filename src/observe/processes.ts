import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Process } from '../model/pane.ts';
import { explain, type Run } from '../run.ts';

/** A process that spawns without end must not make us read without end. */
const MOST = 2_000;

/**
 * What runs below each of these processes, deepest last. From `/proc` where the system has it; elsewhere from one `ps`
 * for all of them. A process that is gone has unknown descendants, not none.
 */
export async function readDescendants(
  pids: readonly number[],
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<number, Fact<readonly Process[]>>> {
  if (pids.length === 0) return new Map();
  if (hasProc()) return new Map(pids.map((pid) => [pid, fromProc(pid)]));
  const ran = await run({ file: 'ps', args: ['-axo', 'pid=,ppid=,comm='], env });
  if (!ran.ok) return new Map(pids.map((pid) => [pid, unknown(`ps ${explain(ran)}`)]));
  const table = parsePs(ran.stdout);
  return new Map(pids.map((pid) => [pid, fromTable(pid, table)]));
}

function hasProc(): boolean {
  return existsSync(`/proc/${process.pid}/task/${process.pid}/children`);
}

/** Descendants by the kernel's own lists of children. */
export function fromProc(root: number): Fact<readonly Process[]> {
  const first = childrenOf(root);
  if (first === null) return unknown(`process ${root} is gone`);
  return known(
    walk(first, (pid) => childrenOf(pid) ?? []).flatMap((pid) => {
      const command = commandOf(pid);
      return command === null ? [] : [{ pid, command }];
    }),
  );
}

interface Row extends Process {
  readonly parent: number;
}

/** Reads `ps -axo pid=,ppid=,comm=`; where `comm` is a path its last part counts. */
export function parsePs(output: string): readonly Row[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S.*?)\s*$/.exec(line);
    if (match === null) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), command: baseName(match[3] ?? '') }];
  });
}

/** Descendants by a whole process table. */
export function fromTable(root: number, table: readonly Row[]): Fact<readonly Process[]> {
  if (!table.some((row) => row.pid === root)) return unknown(`process ${root} is gone`);
  const children = new Map<number, number[]>();
  for (const { pid, parent } of table) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const commands = new Map(table.map((row) => [row.pid, row.command]));
  const pids = walk(children.get(root) ?? [], (pid) => children.get(pid) ?? []);
  return known(pids.map((pid) => ({ pid, command: commands.get(pid) ?? '' })));
}

function walk(first: readonly number[], next: (pid: number) => readonly number[]): readonly number[] {
  const seen = new Set(first);
  for (const pid of seen) {
    if (seen.size > MOST) break;
    for (const child of next(pid)) seen.add(child);
  }
  return [...seen];
}

/** Every thread has its own list. Null: no such process. */
function childrenOf(pid: number): readonly number[] | null {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return null;
  }
}

/** The kernel cuts names at 15 bytes; then the command line knows the rest. A process that ended has no name. */
function commandOf(pid: number): string | null {
  try {
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd();
    if (Buffer.byteLength(name) < 15) return name;
    const whole = baseName(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 1)[0] ?? '');
    return whole.startsWith(name) ? whole : name;
  } catch {
    return null;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
