import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complain } from '../../src/commands/complain.ts';
import type { Context } from '../../src/commands/context.ts';
import { main } from '../../src/main.ts';
import { asked } from './asked.ts';

export interface Told {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as the front door does, failures included. */
export async function gt(cwd: string, args: readonly string[], more: Partial<Context> = {}): Promise<Told> {
  const context = asked(cwd, more);
  const exit = await main(args, context).catch((error: unknown) => complain(error, args, context));
  return { exit, out: context.out(), err: context.err() };
}

/** The smallest town there is, made for tests. */
export function bareTown(): string {
  const town = realpathSync(mkdtempSync(join(tmpdir(), 'gt-town-')));
  for (const dir of ['mayor', 'daemon', 'deacon', 'settings']) mkdirSync(join(town, dir));
  writeFileSync(join(town, 'mayor/town.json'), '{"type":"town","version":1,"name":"one"}');
  writeFileSync(join(town, 'mayor/rigs.json'), '{"version":1,"rigs":{}}');
  writeFileSync(join(town, 'daemon/test-town'), '');
  return town;
}

/** The same with one project, `proj`, and these directories in it. */
export function rigTown(...dirs: readonly string[]): string {
  const town = bareTown();
  writeFileSync(join(town, 'mayor/rigs.json'), '{"version":1,"rigs":{"proj":{}}}');
  for (const dir of ['', ...dirs]) mkdirSync(join(town, 'proj', dir), { recursive: true });
  return town;
}
