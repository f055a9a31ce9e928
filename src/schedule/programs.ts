import { findProgram } from '../run.ts';
import { realPath } from '../town/path-on-disk.ts';
import type { Program } from './registration.ts';

/**
 * Where Node and `gt` are found in a month's time too. A version manager's own path ends with the next upgrade, so a name
 * on the search path that leads to the same file is better (F82).
 */
export function lastingProgram(running: Program, path: readonly string[]): Program {
  return {
    node: lasting(running.node, 'node', path),
    gt: lasting(running.gt, 'gt', path),
  };
}

function lasting(file: string, name: string, path: readonly string[]): string {
  const found = findProgram(
    name,
    path.filter((dir) => !/^\/(run|tmp)\//.test(dir)),
  );
  return found !== null && realPath(found) === realPath(file) ? found : file;
}
