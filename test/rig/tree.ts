import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything below a directory, the directory itself too: content, kind, rights, owner, links and when it was last
 * written or changed, to the nanosecond. Two equal trees: nobody has written anything.
 */
export function treeOf(dir: string): Readonly<Record<string, string>> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(['', ...names].sort().map((name) => [name, describeFile(join(dir, name))]));
}

function describeFile(path: string): string {
  const stats = lstatSync(path, { bigint: true });
  const { mode, uid, gid, ino, nlink, size, mtimeNs, ctimeNs } = stats;
  const facts = [mode.toString(8), uid, gid, ino, nlink, size, mtimeNs, ctimeNs].join(' ');
  if (stats.isSymbolicLink()) return `${facts} → ${readlinkSync(path)}`;
  return stats.isFile() ? `${facts}\n${readFileSync(path, 'latin1')}` : facts;
}
