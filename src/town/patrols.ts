import { type Fact, known, unknown } from '../model/fact.ts';
import type { Hold } from '../model/rig.ts';
import { readJson } from '../persist/json.ts';
import type { Layout } from './layout.ts';
import { isObject } from './settings-problem.ts';

/**
 * Agents that upstream's `mayor/daemon.json` says are not to be kept: a patrol that is not enabled, or one limited to
 * certain rigs (spec/tick.md §2.1). No file, or nothing said: everything is kept.
 */
export function disabledPatrols(layout: Layout, rigs: readonly string[]): Fact<readonly Hold[]> {
  const file = `${layout.root}/mayor/daemon.json`;
  const read = readJson(file);
  if (read.kind === 'absent') return known([]);
  if (read.kind === 'unreadable') return unknown(`${file} cannot be read: ${read.message}`);
  if (read.kind === 'invalid') return unknown(`${file} ${read.reason}`);
  if (!isObject(read.value)) return unknown(`${file} is not an object`);
  const patrols = isObject(read.value.patrols) ? read.value.patrols : {};
  const hold = (target: string, reason: string): Hold => ({
    target,
    kind: 'hold',
    reason,
    by: file,
    since: null,
    until: null,
  });
  const ofRigs = (['witness', 'refinery'] as const).flatMap((role) => {
    const patrol = patrols[role];
    if (!isObject(patrol)) return [];
    const all = patrol.enabled === false;
    const listed = Array.isArray(patrol.rigs) && patrol.rigs.length > 0 ? patrol.rigs : null;
    return rigs
      .filter((rig) => all || (listed !== null && !listed.includes(rig)))
      .map((rig) =>
        hold(
          `${rig}/${role}`,
          all ? `the ${role} patrol is disabled` : `the ${role} patrol does not list ${rig}`,
        ),
      );
  });
  const deacon = patrols.deacon;
  return known(
    isObject(deacon) && deacon.enabled === false
      ? [hold('deacon', 'the deacon patrol is disabled'), ...ofRigs]
      : ofRigs,
  );
}
