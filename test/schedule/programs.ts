import { findProgram } from '../../src/run.ts';

const directories = [
  ...(process.env.PATH ?? '').split(':'),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/bin',
  '/bin',
];

export function hasProgram(name: string): boolean {
  return findProgram(name, directories) !== null;
}

const isRoot = process.getuid?.() === 0;

/** Which of these a test lacks, in words for its name; empty when nothing is missing. */
export function lacking(programs: readonly string[], { root = false } = {}): string {
  const missing = [...programs.filter((name) => !hasProgram(name)), ...(root && !isRoot ? ['root'] : [])];
  return missing.length === 0 ? '' : ` [skipped: needs ${missing.join(', ')}]`;
}
