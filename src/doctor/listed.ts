import { existsSync, statSync } from 'node:fs';
import { counted } from '../model/counted.ts';
import { type KnownTowns, knownTownsFile, readKnownTowns } from '../town/known-towns.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineListed: Examine = ({ layout, env }) => {
  const file = knownTownsFile(env);
  if (statSync(layout.root).uid !== process.geteuid?.())
    return { name: 'list of towns', saw: 'its owner has another one', findings: [] };
  if (file === null) return { name: 'list of towns', saw: 'no home directory to keep one in', findings: [] };
  return judgeListed(readKnownTowns(file), file, layout.root, (root) =>
    existsSync(`${root}/mayor/town.json`),
  );
};

/** The list that `gt tick --all` goes by: is this town in it, and are the others where it says? */
export function judgeListed(
  read: KnownTowns,
  file: string,
  town: string,
  isThere: (root: string) => boolean,
): Examined {
  const name = 'list of towns';
  if (read.kind === 'unreadable') {
    const remedy = `cat ${shellWord(file)}`;
    const message = `${read.reason}, so gt tick --all fails.`;
    return { name, saw: file, findings: [{ code: 'towns-unreadable', message, since: null, remedy }] };
  }
  const towns = read.kind === 'ok' ? read.towns : [];
  const remedy = `gt doctor --fix --town ${shellWord(town)}`;
  const missing = towns.filter(({ root }) => !isThere(root));
  const unlisted = towns.some(({ root }) => root === town)
    ? []
    : [
        {
          code: 'town-unlisted',
          message: `${file} does not list this town, so gt tick --all does not find it.`,
          since: null,
          remedy,
          repairs: [{ kind: 'list-town' as const, root: town }],
        },
      ];
  return {
    name,
    saw: counted(towns.length, 'town'),
    findings: [
      ...unlisted,
      ...missing.map(({ root, missingSince }) => ({
        code: 'town-missing',
        message: `${file} lists the town ${root}, which is not there. --fix forgets it; to list it again: gt install.`,
        since: missingSince,
        remedy,
        repairs: [{ kind: 'forget-town' as const, root }],
      })),
    ],
  };
}
