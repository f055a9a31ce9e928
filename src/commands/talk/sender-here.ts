import { realpathSync } from 'node:fs';
import type { Context } from '../context.ts';
import { senderOf } from '../mail/sender.ts';

/** Whoever runs this command, as mail names them: `proj/crew/max`, `mayor/`, `overseer`. */
export function senderHere(root: string, { env, cwd }: Context): string {
  return senderOf(root, { env, cwd: realPath(cwd) });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
