import type { WorkMemory } from '../model/brake.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Moment } from '../model/state.ts';

/** Work that killed somebody is remembered this long after it left its hook, milliseconds of awake time. */
const keepMs = 7 * 24 * 60 * 60_000;
/** Of work that lies on no hook any more. */
const most = 200;

/** What to remember of each piece of work after this look. What cannot be read changes nothing. */
export function rememberWork(
  before: readonly WorkMemory[],
  { hooked, silentRigs = [] }: Snapshot,
  now: Moment,
): readonly WorkMemory[] {
  if (!hooked.known || (hooked.value.length === 0 && before.length === 0)) return before;
  const known = new Map(before.map((one) => [one.work, one]));
  const onHooks = hooked.value.map(({ id, agent }): WorkMemory => {
    const one = known.get(id);
    known.delete(id);
    if (one?.agent === agent) return one;
    return { work: id, agent, seen: now, deaths: one?.deaths ?? 0, parked: one?.parked ?? null };
  });
  // The work of a rig that is silent may be on its hook still.
  const scars = [...known.values()].filter(
    ({ deaths, seen }) => silentRigs.length > 0 || (deaths > 0 && now.awake - seen.awake < keepMs),
  );
  return [...onHooks, ...scars.slice(0, most)];
}
