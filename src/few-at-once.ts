/** Does `work` for each item, at most so many at the same time; ends when all are done. */
export async function fewAtOnce<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.map((item) => ({ item }));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next.item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
