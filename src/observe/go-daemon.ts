import { exitStatus } from '../exit.ts';
import type { Obstacle } from '../model/snapshot.ts';
import { readFileBytes } from '../persist/read-file.ts';
import type { Run } from '../run.ts';
import type { Layout } from '../town/layout.ts';
import { flockHolder } from './flock.ts';
import { type OneProcess, readProcess } from './one-process.ts';

/**
 * A living Go daemon in this town, which would fight us (spec/tick.md §10.3): whoever holds `daemon/daemon.lock`, or the
 * pid in `daemon/daemon.pid` if that process really is one. A stale, recycled or malformed pid is no daemon; the
 * file is plain digits, and with anything after them its own readers ignore it too (spec/tick.md §2.5).
 */
export async function findGoDaemon(
  layout: Layout,
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Obstacle | null> {
  const holder = flockHolder(layout.goLockFile);
  if (holder.known && holder.value !== null) return obstacle(holder.value, `holds ${layout.goLockFile}`);
  const read = readFileBytes(layout.goPidFile, 64);
  const text = read.kind === 'ok' ? read.bytes.toString('latin1') : '';
  if (!/^[1-9]\d{0,9}$/.test(text)) return null;
  const found = await readProcess(Number(text), run, env);
  return found !== null && isGoDaemon(found)
    ? obstacle(Number(text), `is named in ${layout.goPidFile}`)
    : null;
}

/** `gt daemon run`, whatever its path. Our own `gt` shows up as `node …/gt`. */
function isGoDaemon({ argv }: OneProcess): boolean {
  const [program = '', ...words] = argv;
  return /(^|\/)gt$/.test(program) && words.find((word) => !word.startsWith('-')) === 'daemon';
}

function obstacle(pid: number, how: string): Obstacle {
  return {
    code: 'go-daemon',
    message: `Another keeper runs in this town: process ${pid} ${how}. Two keepers would restart each other's agents. Stop it first: kill ${pid}`,
    exit: exitStatus.busy,
  };
}
