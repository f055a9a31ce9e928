import type { Agent } from '../model/agent.ts';
import { known } from '../model/fact.ts';
import type { SignsOfLife } from '../model/snapshot.ts';
import { keepaliveFileOf, type Layout } from '../town/layout.ts';
import { readStamp } from './stamp.ts';

/**
 * The newest sign of life an agent wrote itself: its keepalive and, for the deacon, `deacon/heartbeat.json`.
 * When one of them is there and unreadable, the newest is unknown. Modification times count for nothing.
 */
export function signsOf(layout: Layout, agent: Agent): SignsOfLife {
  const files = [
    keepaliveFileOf(layout.root, agent),
    ...(agent.role === 'deacon' ? [layout.deaconHeartbeatFile] : []),
  ];
  const stamps = files.map(readStamp);
  const newest = stamps.reduce((newer, stamp) => {
    if (!newer.known || !stamp.known) return newer.known ? stamp : newer;
    return (stamp.value ?? -Infinity) > (newer.value ?? -Infinity) ? stamp : newer;
  }, known<number | null>(null));
  return { stamp: newest };
}
