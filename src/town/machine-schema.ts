import * as v from 'valibot';

/** `tick.machine` in the settings: from when on the machine counts as overloaded (design/failures.md F79). */

const units: Readonly<Record<string, number>> = { MB: 1024 ** 2, GB: 1024 ** 3 };

/** Null: no limit. */
const load = v.pipe(
  v.custom<number | 'off'>(
    (value) => value === 'off' || (typeof value === 'number' && value >= 0.5 && value <= 10_000),
    'must be a number from 0.5, which a machine at work has, to 10000, or "off"',
  ),
  v.transform((value) => (value === 'off' ? null : value)),
);

/** Bytes; null: no limit. */
const memory = v.pipe(
  v.string('must be an amount of memory in quotes, such as "512MB" or "2GB", or "off"'),
  v.rawTransform<string, number | null>(({ dataset, addIssue, NEVER }) => {
    if (dataset.value === 'off') return null;
    const [, count = '0', unit = ''] = /^(\d{1,6})(MB|GB)$/.exec(dataset.value) ?? [];
    const bytes = Number(count) * (units[unit] ?? 0);
    if (bytes > 0) return bytes;
    addIssue({ message: 'must be an amount of memory such as 512MB or 2GB, or "off"' });
    return NEVER;
  }),
);

export const machine = v.object({ max_load_per_cpu: load, min_free_memory: memory }, 'must be an object');
