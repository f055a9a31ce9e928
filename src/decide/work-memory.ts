import type { WorkMemory } from '../model/brake.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Moment } from '../model/state.ts';

/** Work that killed somebody is remembered this long after it left its hook, milliseconds of awake time. */
const keepMs = 7 * 24 * 60 * 60_000;
const most = 200;

/** What to remember of each piece of work after this look. What cannot be read changes nothing. */
export function rememberWork(
  before: readonly WorkMemory[],
  { hooked }: Snapshot,
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
  const scars = [...known.values()].filter(
    ({ deaths, seen }) => deaths > 0 && now.awake - seen.awake < keepMs,
  );
  return [...onHooks, ...scars].slice(0, most);
}
