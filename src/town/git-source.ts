import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';

/** What `git clone` is given: a URL as it was written, or the absolute path of a directory. */
export function gitSource(given: string, cwd: string): string {
  if (given === '' || given.startsWith('-') || /[\u0000-\u001f\u007f]/.test(given))
    throw refused(given, 'is not a URL or a path');
  if (/^[A-Za-z0-9][A-Za-z0-9+.-]*::/.test(given)) throw refused(given, 'names a program that git would run');
  if (isUrl(given)) return given;
  const path = resolve(cwd || '/', given);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return path;
  throw refused(given, stats === undefined ? `is no URL, and ${path} does not exist` : 'is no directory');
}

/** The same for people and files that others read: without a password. */
export function withoutPassword(source: string): string {
  return source.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*):[^/@]*@/i, '$1:…@');
}

/** `scheme://…`, or `[user@]host:path` as ssh has it. */
function isUrl(given: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/./.test(given) || /^[^/:]+:./.test(given);
}

function refused(given: string, why: string): Failure {
  return new Failure(
    'source-invalid',
    exitStatus.usage,
    `${JSON.stringify(given)} ${why}.`,
    'gt rig add --help',
  );
}
