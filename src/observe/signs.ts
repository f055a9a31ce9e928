import type { Agent } from '../model/agent.ts';
import { known } from '../model/fact.ts';
import type { SignsOfLife } from '../model/snapshot.ts';
import { keepaliveFileOf, type Layout } from '../town/layout.ts';
import { readSign, type Sign } from './stamp.ts';

/**
 * The newest sign of life an agent wrote itself: its keepalive and, for the deacon, `deacon/heartbeat.json`.
 * A wait it declared is in either
 * of them. When one of them is there and unreadable, the newest is unknown. Modification times count for nothing.
 */
export function signsOf(layout: Layout, agent: Agent): SignsOfLife {
  const files = [
    keepaliveFileOf(layout.root, agent),
    ...(agent.role === 'deacon' ? [layout.deaconHeartbeatFile] : []),
  ];
  const signs = files.map(readSign);
  const newest = signs.reduce((newer, sign) => {
    if (!newer.known || !sign.known) return newer.known ? sign : newer;
    return (sign.value.at ?? -Infinity) > (newer.value.at ?? -Infinity) ? sign : newer;
  });
  if (!newest.known) return { stamp: newest };
  const { at, pane } = newest.value;
  const awaits = signs.flatMap((sign) => (sign.known ? waitIn(sign.value) : []));
  const [longest] = awaits.sort((one, other) => other.until - one.until);
  return {
    stamp: known(at),
    ...(pane === null ? {} : { pane }),
    ...(longest === undefined ? {} : { awaits: longest }),
  };
}

function waitIn({ at, awaits }: Sign): readonly { readonly since: number; readonly until: number }[] {
  return at === null || awaits === null ? [] : [{ since: at, until: awaits }];
}
