import { exitStatus, Failure } from '../exit.ts';
import type { Hold } from '../model/rig.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { saveShared } from '../persist/shared-file.ts';
import { holdsDocument, readHoldsFile } from './holds-file.ts';
import type { Layout } from './layout.ts';
import type { Editing } from './registry-edit.ts';
import { shellWord } from './shell-word.ts';

/** A file of holds that cannot be understood is left alone: rewriting it could lift one. */
export async function editHolds<T>(
  layout: Layout,
  { at, command }: Editing,
  edit: (holds: readonly Hold[]) => { readonly result: T; readonly holds: readonly Hold[] | null },
): Promise<T> {
  const file = layout.holdsFile;
  return await withEditLock(file, { since: at, command }, (guard) => {
    const read = readHoldsFile(file);
    if (!read.known) {
      throw new Failure(
        'holds-unknown',
        exitStatus.data,
        `Nothing was changed: ${read.reason}.`,
        `cat ${shellWord(file)}`,
      );
    }
    const { result, holds } = edit(read.value);
    if (holds !== null) saveShared(file, holdsDocument(holds), guard);
    return result;
  });
}
