import { errnoOf } from '../../persist/io-failure.ts';
import type { Answer, Trouble } from '../port.ts';

/** Runs `work`; what the file system refuses becomes a {@link Trouble} beginning with `what`. Bugs still throw. */
export async function answer<T>(what: string, work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { known: true, value: await work() };
  } catch (error) {
    const code = errnoOf(error);
    if (!(error instanceof Error) || code === 'UNKNOWN' || code.startsWith('ERR_')) throw error;
    return { known: false, reason: `${what}: ${error.message}`, trouble: kindOf(code) };
  }
}

function kindOf(code: string): Trouble['trouble'] {
  if (code === 'EACCES' || code === 'EPERM') return 'permission';
  if (code === 'ENAMETOOLONG') return 'refused';
  return 'io';
}
