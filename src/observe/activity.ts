import type { Fact } from '../model/fact.ts';
import type { Layout } from '../town/layout.ts';
import { readStamp } from './stamp.ts';

/** When a person or an agent last ran a command that counts as work here, milliseconds since 1970; null: never. */
export function readActivity(layout: Layout): Fact<number | null> {
  return readStamp(layout.activityFile);
}
