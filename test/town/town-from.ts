import type { Rig } from '../../src/model/rig.ts';
import { checkRigName, checkWorkerName } from '../../src/town/names.ts';

export interface Wish {
  readonly rig: string;
  readonly role: 'rig' | 'crew' | 'polecat';
  readonly worker: string;
}

/** The town that comes of these wishes when everything refused is left out. */
export function townFrom(wishes: readonly Wish[]): readonly Rig[] {
  let rigs: readonly Rig[] = [];
  for (const { rig, role, worker } of wishes) {
    if (checkRigName(rig, rigs) === null) rigs = [...rigs, { name: rig, crew: [], polecats: [] }];
    const home = rigs.find((candidate) => candidate.name === rig);
    if (home === undefined || role === 'rig' || checkWorkerName(worker, rig, role, rigs) !== null) continue;
    const changed =
      role === 'crew'
        ? { ...home, crew: [...home.crew, worker] }
        : { ...home, polecats: [...home.polecats, worker] };
    rigs = rigs.map((candidate) => (candidate === home ? changed : candidate));
  }
  return rigs;
}
