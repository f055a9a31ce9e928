import { counted } from '../model/counted.ts';
import { type Read, readJson } from '../persist/json.ts';
import { readRegistry } from '../town/registry.ts';
import { isObject } from '../town/settings-problem.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

/** A file that says what something is: `mayor/town.json`, or a rig's `config.json`. */
export interface Description {
  readonly path: string;
  /** What goes by it. */
  readonly of: 'town' | 'rig';
  /** Completes "the file …"; null: it can be read, or there is none. */
  readonly trouble: string | null;
  /** It was read and is not what it should be; what could not even be read may be in order. */
  readonly damaged: boolean;
}

export const examineDescriptions: Examine = ({ layout }) => {
  const registry = readRegistry(layout);
  const rigs = registry.known ? [...registry.value.keys()] : [];
  return judgeDescriptions(
    [
      describedBy(layout.townFile, 'town'),
      ...rigs.map((rig) => describedBy(`${layout.root}/${rig}/config.json`, 'rig')),
    ],
    layout.root,
  );
};

/** Can what describes the town and its rigs be read? Agents and their programs go by it. */
export function judgeDescriptions(all: readonly Description[], town: string): Examined {
  const findings = all.flatMap(({ path, of, trouble, damaged }) => {
    if (trouble === null) return [];
    const word = shellWord(path);
    const lost =
      of === 'town'
        ? 'Programs that ask it for the name of the town cannot go on.'
        : 'The default branch and the prefix of the rig are unknown.';
    return [
      {
        code: `${of}-description`,
        message: `${path} ${trouble}. ${lost}`,
        since: null,
        remedy: !damaged
          ? `ls -l ${word}`
          : of === 'town'
            ? `mv ${word} ${shellWord(`${path}.damaged`)} && gt install ${shellWord(town)}`
            : `cat ${word}`,
      },
    ];
  });
  return { name: 'descriptions', saw: counted(all.length, 'file'), findings };
}

function describedBy(path: string, of: Description['of']): Description {
  const read = readJson(path);
  const trouble = troubleOf(read);
  return { path, of, trouble, damaged: trouble !== null && read.kind !== 'unreadable' };
}

function troubleOf(read: Read<unknown>): string | null {
  switch (read.kind) {
    case 'absent':
      return null;
    case 'ok':
      return isObject(read.value) ? null : 'describes nothing';
    case 'unreadable':
      return `cannot be read: ${read.message}`;
    case 'invalid':
      return read.reason;
  }
}
