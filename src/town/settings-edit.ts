import { exitStatus, Failure } from '../exit.ts';
import type { StoreKind } from '../model/config.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { readJson } from '../persist/json.ts';
import { isPlainObject } from '../persist/key-case.ts';
import { saveShared } from '../persist/shared-file.ts';
import { printDuration } from './duration.ts';
import type { Layout } from './layout.ts';
import type { Editing } from './registry-edit.ts';
import { readConfig } from './settings.ts';
import { describeProblem, isObject } from './settings-problem.ts';
import { shellWord } from './shell-word.ts';

/**
 * Writes into a town's settings how often it is called (`tick.every`), which decides how early a heartbeat may be; every
 * other setting stays. Settings that would be invalid with it are put back, and a `Failure` (78) says why.
 */
export function writeEvery(layout: Layout, everyMs: number, editing: Editing): Promise<void> {
  return editSettings(layout, editing, (old, save) => {
    const tick = isObject(old.tick) ? old.tick : {};
    save({ ...old, tick: { ...tick, every: printDuration(everyMs) } });
    const now = readConfig(layout);
    if (now.kind === 'ok') return;
    saveShared(layout.settingsFile, old, { unchanged: () => true });
    throw new Failure(
      'config-invalid',
      exitStatus.config,
      now.problems.map(describeProblem).join('\n'),
      `gt config show --town ${shellWord(layout.root)}`,
    );
  });
}

/** Writes into a town's settings which store it keeps; every other setting stays. */
export function writeStore(layout: Layout, store: StoreKind, editing: Editing): Promise<void> {
  return editSettings(layout, editing, (old, save) => save({ ...old, store }));
}

type Settings = Readonly<Record<string, unknown>>;

/** Settings that are there and cannot be understood are left alone: whatever was written in their place would lose them. */
function editSettings(
  layout: Layout,
  { at, command }: Editing,
  edit: (old: Settings, save: (settings: Settings) => void) => void,
): Promise<void> {
  const file = layout.settingsFile;
  return withEditLock(file, { since: at, command }, (guard) => {
    const read = readJson(file);
    const old = read.kind === 'absent' ? {} : read.kind === 'ok' ? read.value : null;
    if (!isPlainObject(old)) {
      throw new Failure(
        'settings-unreadable',
        exitStatus.config,
        `Nothing was changed: ${file} cannot be understood.`,
        `gt config validate --town ${shellWord(layout.root)}`,
      );
    }
    edit(old, (settings) => saveShared(file, { type: 'town-settings', version: 1, ...settings }, guard));
  });
}
