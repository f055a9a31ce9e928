import type { Rig } from '../../src/model/rig.ts';
import { checkRigName, checkWorkerName } from '../../src/town/names.ts';

export interface Wish {
  readonly rig: string;
  readonly role: 'rig' | 'crew' | 'polecat';
  readonly worker: string;
}

/** The town that comes of these wishes when everything refused is left out. */
export function townFrom(wishes: readonly Wish[]): readonly Rig[] {
  return wishes.reduce<readonly Rig[]>((rigs, { rig, role, worker }) => {
    const grown = checkRigName(rig, rigs) === null ? [...rigs, { name: rig, crew: [], polecats: [] }] : rigs;
    const home = grown.find((candidate) => candidate.name === rig);
    if (home === undefined || role === 'rig' || checkWorkerName(worker, rig, role, grown) !== null)
      return grown;
    const changed =
      role === 'crew'
        ? { ...home, crew: [...home.crew, worker] }
        : { ...home, polecats: [...home.polecats, worker] };
    return grown.map((candidate) => (candidate === home ? changed : candidate));
  }, []);
}
