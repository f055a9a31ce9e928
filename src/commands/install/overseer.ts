import { lstatSync } from 'node:fs';
import { writeJson } from '../../persist/json.ts';
import type { Context } from '../context.ts';

/**
 * Writes down who oversees the town: whoever makes it, as git knows them (spec/agents.md §3.11). True when the file was
 * made, false when it was there, null when git does not say.
 */
export async function nameOverseer(root: string, { run, env }: Context): Promise<boolean | null> {
  const path = `${root}/mayor/overseer.json`;
  const absent = () => lstatSync(path, { throwIfNoEntry: false }) === undefined;
  if (!absent()) return false;
  const args = ['config', '--get-regexp', '^user\\.(name|email)$'];
  // In the root no project's own settings hold.
  const lines = (await run({ file: 'git', args, cwd: '/', env })).stdout.split('\n');
  const said = (key: string) => lines.findLast((line) => line.startsWith(key))?.slice(key.length);
  const name = said('user.name ');
  const email = said('user.email ');
  if (!name) return null;
  const person = { type: 'overseer', version: 1, name, ...(email ? { email } : {}), source: 'git-config' };
  writeJson(path, person, { onlyIf: absent });
  return true;
}
