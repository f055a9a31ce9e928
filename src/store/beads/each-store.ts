import { fewAtOnce } from '../../few-at-once.ts';

/** How many stores are asked at once: each `bd` keeps a processor busy and starts some `git`. */
const atOnce = 4;

/** Does `work` for each, some at a time; the results are in the order given. */
export async function eachStore<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  await fewAtOnce([...items.entries()], atOnce, async ([index, item]) => {
    results[index] = await work(item);
  });
  return results;
}
