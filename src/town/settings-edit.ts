import { exitStatus, Failure } from '../exit.ts';
import type { StoreKind } from '../model/config.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { readJson } from '../persist/json.ts';
import { saveShared } from '../persist/shared-file.ts';
import { printDuration } from './duration.ts';
import type { Layout } from './layout.ts';
import { readConfig } from './settings.ts';
import { describeProblem, isObject } from './settings-problem.ts';
import { shellWord } from './shell-word.ts';

/**
 * Writes into a town's settings how often it is called (`tick.every`), which decides how early a heartbeat may be; every
 * other setting stays. Settings that would be invalid with it are put back, and a `Failure` (78) says why.
 */
export function writeEvery(
  layout: Layout,
  everyMs: number,
  editing: { readonly at: string; readonly command: string },
): Promise<void> {
  const file = layout.settingsFile;
  return withEditLock(file, { since: editing.at, command: editing.command }, (guard) => {
    const read = readJson(file);
    const old = read.kind === 'ok' && isObject(read.value) ? read.value : {};
    const tick = isObject(old.tick) ? old.tick : {};
    const named = { type: 'town-settings', version: 1 };
    saveShared(file, { ...named, ...old, tick: { ...tick, every: printDuration(everyMs) } }, guard);
    const now = readConfig(layout);
    if (now.kind === 'ok') return;
    saveShared(file, old, { unchanged: () => true });
    throw new Failure(
      'config-invalid',
      exitStatus.config,
      now.problems.map(describeProblem).join('\n'),
      `gt config show --town ${shellWord(layout.root)}`,
    );
  });
}

/** Writes into a town's settings which store it keeps; every other setting stays. */
export function writeStore(
  layout: Layout,
  store: StoreKind,
  editing: { readonly at: string; readonly command: string },
): Promise<void> {
  const file = layout.settingsFile;
  return withEditLock(file, { since: editing.at, command: editing.command }, (guard) => {
    const read = readJson(file);
    const old = read.kind === 'ok' && isObject(read.value) ? read.value : {};
    saveShared(file, { type: 'town-settings', version: 1, ...old, store }, guard);
  });
}
