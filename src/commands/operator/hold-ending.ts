import type { Hold } from '../../model/rig.ts';
import { shellWord } from '../../town/shell-word.ts';

/** The command that ends a hold. An `ESTOP` names itself as who holds, and so does a file of another program's that parks a rig. */
export function endingOf({ kind, target, by }: Hold): string {
  switch (kind) {
    case 'estop':
      return `rm ${shellWord(by)}`;
    case 'parked':
      return by.startsWith('/') ? `\${EDITOR:-vi} ${shellWord(by)}` : `gt rig unpark ${shellWord(target)}`;
    case 'shutdown':
      return target === '*' ? 'gt up' : `gt resume ${shellWord(target)}`;
    case 'hold':
      return target === '*' ? 'gt resume' : `gt resume ${shellWord(target)}`;
  }
}
