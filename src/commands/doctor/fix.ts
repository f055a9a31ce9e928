import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import type { Examined, Finding, Repair } from '../../doctor/finding.ts';
import { exitStatus, Failure, failureOf } from '../../exit.ts';
import { sweepLeftovers } from '../../persist/leftovers.ts';
import { acquireLock } from '../../persist/lock.ts';
import { knownTownsFile } from '../../town/known-towns.ts';
import { forgetTowns, rememberTown } from '../../town/known-towns-edit.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';
import { lockWithin } from '../tick/lock-within.ts';

/** How long to wait for a pass before its directories are swept, milliseconds. */
const patienceMs = 10_000;
const command = 'gt doctor --fix';

/**
 * Puts right what may be put right without asking, under the lock of the passes. For each finding that something was tried
 * for: null when it is put right, else why not.
 */
export async function repair(
  at: Layout,
  examined: readonly Examined[],
  context: Context,
): Promise<ReadonlyMap<Finding, string | null>> {
  const found = examined.flatMap(({ findings }) => findings.filter(({ repairs = [] }) => repairs.length > 0));
  if (found.length === 0) return new Map();
  // Rights and directories first: without them there may be no lock to take.
  const [plain, locked] = [found.filter((one) => !needsLock(one)), found.filter(needsLock)];
  const results = new Map<Finding, string | null>();
  for (const finding of plain) results.set(finding, await repairOne(finding, context));
  if (locked.length === 0) return results;
  const { lock } = await lockWithin(patienceMs, command, at, context);
  for (const finding of locked) {
    results.set(finding, lock.kind === 'busy' ? lock.message : await repairOne(finding, context));
  }
  if (lock.kind === 'held') lock.release();
  return results;
}

function needsLock({ repairs = [] }: Finding): boolean {
  return repairs.some(({ kind }) => kind === 'sweep');
}

async function repairOne({ repairs = [] }: Finding, context: Context): Promise<string | null> {
  try {
    for (const one of repairs) await carryOut(one, context);
    return null;
  } catch (error) {
    return failureOf(error)?.message ?? (error instanceof Error ? error.message : String(error));
  }
}

async function carryOut(one: Repair, context: Context): Promise<void> {
  const file = knownTownsFile(context.env);
  const editing = { since: context.now().toISOString(), command };
  switch (one.kind) {
    case 'rights':
      // A link put there since would lead the change elsewhere.
      if (!lstatSync(one.path).isSymbolicLink()) chmodSync(one.path, one.mode);
      return;
    case 'directory':
      mkdirSync(one.path, { mode: one.mode });
      return;
    case 'sweep':
      sweepLeftovers(one.directory, context.now().getTime());
      return;
    case 'blank-lock': {
      const lock = acquireLock(one.path, { ...editing, anyBlank: true });
      if (lock.kind === 'busy') throw new Failure('busy', exitStatus.busy, lock.message, 'gt status');
      return lock.release();
    }
    case 'list-town':
      if (file !== null) await rememberTown(file, one.root, editing);
      return;
    case 'forget-town':
      if (file !== null) await forgetTowns(file, [one.root], editing);
      return;
  }
}
