import type { Agent } from '../../model/agent.ts';
import type { RequestAction } from '../../model/request.ts';
import type { Hold } from '../../model/rig.ts';
import { oneLine } from '../../show/printable.ts';
import { holdOn } from '../../town/hold-scope.ts';
import { readHolds } from '../../town/holds.ts';
import type { LifecycleDesk } from '../lifecycle/desk.ts';
import { holdText } from '../rigs/rig.ts';
import { endingOf } from './hold-ending.ts';
import { whom } from './hold-rights.ts';

/** What keeps a request from being answered now: a hold on its agent, or holds that cannot be read. Null: nothing. */
export interface HoldAhead {
  readonly hold: Hold | null;
  /** For people: who, why, since when, and how it ends. */
  readonly text: string;
}

/** A request waits while its agent is held: whoever makes it hears so at once. */
export function holdAhead(
  agent: Agent,
  action: RequestAction,
  { at, rigs, now }: Pick<LifecycleDesk, 'at' | 'rigs' | 'now'>,
): HoldAhead | null {
  const names = rigs.known ? rigs.value.map(({ name }) => name) : [];
  const holds = readHolds(at, now(), names);
  if (!holds.known)
    return { hold: null, text: `holds cannot be read, so nothing is done: ${oneLine(holds.reason)}` };
  const hold = holdOn(holds.value, agent);
  // The hold that an asked-for shutdown leaves does not keep another one from being carried out.
  if (hold === null || (hold.kind === 'shutdown' && action === 'shutdown')) return null;
  return {
    hold,
    text: `${whom(hold)} is held (${hold.kind}: ${holdText(hold, new Date(now()))}), so the request waits; to end it: ${endingOf(hold)}`,
  };
}
