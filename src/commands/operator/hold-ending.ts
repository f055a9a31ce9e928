import type { Hold } from '../../model/rig.ts';
import { shellWord } from '../../town/shell-word.ts';

/** The command that ends a hold. An `ESTOP` names itself as who holds. */
export function endingOf({ kind, target, by }: Hold): string {
  switch (kind) {
    case 'estop':
      return `rm ${shellWord(by)}`;
    case 'parked':
      return `gt rig unpark ${shellWord(target)}`;
    case 'shutdown':
      return target === '*' ? 'gt up' : `gt resume ${shellWord(target)}`;
    case 'hold':
      return target === '*' ? 'gt resume' : `gt resume ${shellWord(target)}`;
  }
}
