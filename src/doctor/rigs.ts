import { readdirSync, statSync } from 'node:fs';
import { counted } from '../model/counted.ts';
import { readJson } from '../persist/json.ts';
import type { LoadedRigs } from '../town/rigs.ts';
import { loadRigs } from '../town/rigs.ts';
import { isObject } from '../town/settings-problem.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Examine, type Examined, momentOf } from './finding.ts';

/** A directory of the town that describes itself as a rig. */
export interface RigDirectory {
  readonly name: string;
  /** Milliseconds since 1970: when its description was written. */
  readonly written: number;
}

export const examineRigs: Examine = ({ layout }) =>
  judgeRigs(loadRigs(layout), rigDirectories(layout.root), layout.root);

/** The registry against what is there: agents of a rig that is in only one of the two are looked after by nobody. */
export function judgeRigs(
  { rigs, warnings }: LoadedRigs,
  there: readonly RigDirectory[],
  town: string,
): Examined {
  const at = `--town ${shellWord(town)}`;
  const registered = rigs.known ? rigs.value.map(({ name }) => name) : null;
  const stray = registered === null ? [] : there.filter(({ name }) => !registered.includes(name));
  return {
    name: 'rigs',
    saw: registered === null ? 'unknown' : counted(registered.length, 'rig'),
    findings: [
      ...warnings.map(({ code, message }) => ({ code, message, since: null, remedy: `gt rig list ${at}` })),
      ...stray.map(({ name, written }) => ({
        code: 'rig-unregistered',
        message: `${town}/${name} describes itself as a rig and is not registered: nobody looks after its agents.`,
        since: momentOf(written),
        remedy: `gt rig add ${shellWord(name)} ${at}`,
      })),
    ],
  };
}

function rigDirectories(root: string): readonly RigDirectory[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith('.')) return [];
    const file = `${root}/${entry.name}/config.json`;
    const read = readJson(file);
    if (read.kind !== 'ok' || !isObject(read.value) || read.value.type !== 'rig') return [];
    return [{ name: entry.name, written: statSync(file).mtimeMs }];
  });
}
