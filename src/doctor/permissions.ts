import { lstatSync, readdirSync } from 'node:fs';
import { counted } from '../model/counted.ts';
import type { Layout } from '../town/layout.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Examine, type Examined, type Finding, momentOf } from './finding.ts';

/** One file or directory of the town. */
export interface Rights {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  /** Milliseconds since 1970: when its rights, or anything of it, changed last. */
  readonly changed: number;
  /** What nobody but the owner may do with it. */
  readonly closed: 'all' | 'writing';
}

export const examinePermissions: Examine = ({ layout }) => {
  const owner = lstatSync(layout.root).uid;
  return judgePermissions(rightsIn(layout), owner, process.geteuid?.() ?? owner);
};

/** What is the owner's alone, and what others may read but not change; `owner` is the town's, `me` who asks. */
export function judgePermissions(rights: readonly Rights[], owner: number, me: number): Examined {
  const open = rights.filter(({ mode, closed }) => (mode & maskOf[closed]) !== 0);
  const foreign = rights.filter(({ uid }) => uid !== owner);
  const findings = [
    ...open.map(
      ({ path, mode, changed, closed, uid }): Finding => ({
        code: closed === 'all' ? 'file-readable' : 'file-writable',
        message: `${path} can be ${closed === 'all' ? 'read' : 'changed'} by others (${octal(mode)}).`,
        since: momentOf(changed),
        remedy: `chmod ${octal(mode & ~maskOf[closed])} ${shellWord(path)}`,
        ...(uid === me || me === 0
          ? { repairs: [{ kind: 'rights', path, mode: mode & ~maskOf[closed] & 0o777 }] }
          : {}),
      }),
    ),
    ...foreign.map(
      ({ path, uid, changed }): Finding => ({
        code: 'file-foreign',
        message: `${path} belongs to uid ${uid}, the town to uid ${owner}: its owner may not be able to change it.`,
        since: momentOf(changed),
        remedy: `sudo chown ${owner} ${shellWord(path)}`,
      }),
    ),
  ];
  return { name: 'permissions', saw: `${counted(rights.length, 'file')} looked at`, findings };
}

const maskOf = { all: 0o077, writing: 0o022 } as const;

function rightsIn({
  root,
  daemonDir,
  settingsFile,
  quarantineDir,
  passesDir,
  townFile,
  rigsFile,
}: Layout): readonly Rights[] {
  const settingsDir = settingsFile.slice(0, settingsFile.lastIndexOf('/'));
  const within = [
    daemonDir,
    settingsDir,
    quarantineDir,
    passesDir,
    `${daemonDir}/reports`,
    `${daemonDir}/nudge`,
  ];
  return [
    ...[root, `${root}/mayor`, `${root}/deacon`, townFile, rigsFile].flatMap((path) =>
      rightsOf(path, 'writing'),
    ),
    ...within.flatMap((dir) => {
      const own = rightsOf(dir, 'all');
      // Behind a closed door it does not matter how things lie about.
      const isOpen = own.some(({ mode }) => (mode & maskOf.all) !== 0);
      return [...own, ...(isOpen ? filesIn(dir).flatMap((path) => rightsOf(path, 'all')) : [])];
    }),
    ...rightsOf(`${root}/mail`, 'all'),
  ];
}

function rightsOf(path: string, closed: Rights['closed']): readonly Rights[] {
  try {
    const { mode, uid, ctimeMs } = lstatSync(path);
    const kind = mode & 0o170000;
    // Links have no rights of their own.
    return kind === 0o120000 ? [] : [{ path, mode: mode & 0o7777, uid, changed: ctimeMs, closed }];
  } catch {
    return [];
  }
}

function filesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${dir}/${name}`);
  } catch {
    return [];
  }
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
