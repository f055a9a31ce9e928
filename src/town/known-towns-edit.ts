import { type EditOptions, withEditLock } from '../persist/edit-lock.ts';
import { saveShared } from '../persist/shared-file.ts';
import { type KnownTown, readKnownTowns, unreadableTowns } from './known-towns.ts';

/**
 * Lists a town among its user's, so that `gt tick --all` keeps it; true when it was not listed, or as missing.
 * Where nothing has to be written nothing is. Throws a {@link Failure} when the list cannot be read or saved.
 */
export async function rememberTown(file: string, root: string, editing: EditOptions): Promise<boolean> {
  const listed = townsIn(file).find((town) => town.root === root);
  if (listed?.missingSince === null) return false;
  await editTowns(file, editing, (towns) => [
    ...towns.filter((town) => town.root !== root),
    { root, since: listed?.since ?? editing.since, missingSince: null },
  ]);
  return true;
}

/** Notes which of the listed towns are missing, each since the first time it was. */
export async function noteMissing(
  file: string,
  missing: readonly string[],
  editing: EditOptions,
): Promise<void> {
  await editTowns(file, editing, (towns) =>
    towns.map((town) => ({
      ...town,
      missingSince: missing.includes(town.root) ? (town.missingSince ?? editing.since) : null,
    })),
  );
}

/** Takes towns off the list; their directories, if they are anywhere, are not touched. */
export async function forgetTowns(
  file: string,
  roots: readonly string[],
  editing: EditOptions,
): Promise<void> {
  await editTowns(file, editing, (towns) => towns.filter(({ root }) => !roots.includes(root)));
}

async function editTowns(
  file: string,
  editing: EditOptions,
  change: (towns: readonly KnownTown[]) => readonly KnownTown[],
): Promise<void> {
  await withEditLock(file, editing, (guard) => {
    const towns = change(townsIn(file)).map(({ root, since, missingSince }) => ({
      root,
      since,
      ...(missingSince === null ? {} : { missing_since: missingSince }),
    }));
    saveShared(file, { version: 1, towns }, guard);
  });
}

function townsIn(file: string): readonly KnownTown[] {
  const read = readKnownTowns(file);
  if (read.kind === 'absent') return [];
  if (read.kind === 'ok') return read.towns;
  throw unreadableTowns(file, read.reason);
}
