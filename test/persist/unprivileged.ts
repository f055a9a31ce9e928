import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { bundle } from '../rig/bundle.ts';
import { cleanEnv } from '../rig/clean-env.ts';
import { scratch } from '../town/scratch.ts';

/** Root ignores missing rights, so rights are tested as the user `nobody`, which only root can become. */
export const canBecomeNobody = process.getuid?.() === 0;

/** The module `room.ts`, where that user can read it. */
export async function bundledRoom(): Promise<string> {
  const directory = scratch();
  chmodSync(directory, 0o755);
  return await bundle(new URL('room.ts', import.meta.url), directory);
}

/** Runs an expression in a fresh Node as `nobody`, with `m` the CommonJS module at `module`; returns what it prints as JSON. */
export function asNobody(module: string, expression: string): unknown {
  const code = `
    process.setgid(65534); process.setuid(65534);
    const m = require(${JSON.stringify(module)});
    const attempt = (f) => { try { return { value: f() }; } catch (e) { return { exit: e.exit, code: e.code, message: e.message }; } };
    console.log(JSON.stringify(attempt(() => (${expression}))));`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { env: cleanEnv(), encoding: 'utf8' }));
}
