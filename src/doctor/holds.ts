import { counted } from '../model/counted.ts';
import type { Fact } from '../model/fact.ts';
import type { Hold } from '../model/rig.ts';
import { readHolds } from '../town/holds.ts';
import { loadRigs } from '../town/rigs.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineHolds: Examine = ({ layout, now }) => {
  const { rigs } = loadRigs(layout);
  const names = rigs.known ? rigs.value.map(({ name }) => name) : [];
  return judgeHolds(readHolds(layout, now, names), layout.holdsFile);
};

/** A hold is no finding: somebody wants it. One that cannot be read keeps everybody from being started. */
export function judgeHolds(holds: Fact<readonly Hold[]>, file: string): Examined {
  const name = 'holds';
  if (holds.known) return { name, saw: counted(holds.value.length, 'hold'), findings: [] };
  const message = `What is held cannot be read, so nobody is started or woken: ${holds.reason}.`;
  return {
    name,
    saw: 'unknown',
    findings: [{ code: 'holds-unreadable', message, since: null, remedy: `cat ${shellWord(file)}` }],
  };
}
