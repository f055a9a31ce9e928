import { closeSync, openSync, unlinkSync } from 'node:fs';
import { armFaults } from '../../src/persist/fault.ts';
import { acquireLock, type Lock } from '../../src/persist/lock.ts';

/**
 * A contender for a lock, driven over IPC by the lock's tests. While it holds the lock it makes a witness file
 * with O_EXCL: if that is there already, two hold the lock at once.
 */
export interface Order {
  readonly op: 'acquire' | 'release';
  readonly path: string;
  readonly fault?: string;
  readonly witness?: string;
  /** Holds the lock for so long, releases it, and only then replies; null: keeps it. */
  readonly dwellMs?: number | null;
}

export interface Reply {
  readonly kind: 'held' | 'busy' | 'failed' | 'released';
  readonly twice: boolean;
  readonly message: string;
  readonly ownerPid: number | null;
  readonly recoveredPid: number | null;
}

const locks = new Map<string, Lock>();

function acquire({ path, fault = '', witness, dwellMs = null }: Order): Reply {
  armFaults(true, { GT_FAULT: fault });
  const lock = acquireLock(path, { since: new Date().toISOString() });
  locks.set(path, lock);
  if (lock.kind === 'busy') {
    return {
      kind: 'busy',
      twice: false,
      message: lock.message,
      ownerPid: lock.owner?.pid ?? null,
      recoveredPid: null,
    };
  }
  const twice = witness !== undefined && !mark(witness);
  if (dwellMs !== null) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, dwellMs);
    if (witness !== undefined && !twice) unlinkSync(witness);
    lock.release();
  }
  return {
    kind: 'held',
    twice,
    message: '',
    ownerPid: lock.owner.pid,
    recoveredPid: lock.recovered?.pid ?? null,
  };
}

function mark(witness: string): boolean {
  try {
    closeSync(openSync(witness, 'wx'));
    return true;
  } catch {
    return false;
  }
}

function answer(order: Order): Reply {
  try {
    if (order.op === 'acquire') return acquire(order);
    const lock = locks.get(order.path);
    if (lock?.kind === 'held') lock.release();
    return { kind: 'released', twice: false, message: '', ownerPid: null, recoveredPid: null };
  } catch (error) {
    return { kind: 'failed', twice: false, message: String(error), ownerPid: null, recoveredPid: null };
  }
}

process.on('message', (order: Order) => {
  process.send?.(answer(order));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
