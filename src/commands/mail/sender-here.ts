import { realPath } from '../../town/path-on-disk.ts';
import type { Context } from '../context.ts';
import { senderOf } from './sender.ts';

/** Whoever runs this command, as mail names them: `proj/crew/max`, `mayor/`, `overseer`. */
export function senderHere(root: string, { env, cwd }: Context): string {
  return senderOf(root, { env, cwd: realPath(cwd) ?? cwd });
}
