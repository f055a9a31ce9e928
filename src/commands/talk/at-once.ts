import { writeSync } from 'node:fs';
import { currentDirectory } from '../../town/path-on-disk.ts';
import { stampLife } from '../signs/stamp-life.ts';

/**
 * Answers for the front door what agents' hooks call and what must end well in any state of the town (spec/agents.md
 * §8.1): `gt prime`, `gt costs record`, and the `gt nudge deacon session-started` of a fresh session. False for every
 * other command line. Loads no library that reads options.
 */
export async function answerAtOnce(args: readonly string[]): Promise<boolean> {
  if (args.some((arg) => ['--help', '-h', '--json'].includes(arg))) return false;
  const [command, word, third, ...more] = args;
  if (command === 'costs' && word === 'record') {
    stampLife('costs record', { env: process.env, cwd: currentDirectory() });
    return true;
  }
  // The keeper sees by itself that somebody has started: nobody is woken for it.
  if (command === 'nudge' && third === 'session-started' && more.length === 0) return true;
  if (command !== 'prime' || args.slice(1).some((arg) => arg !== '--hook')) return false;
  stampLife('prime', { env: process.env, cwd: currentDirectory() });
  const { primeText } = await import('./prime.ts');
  write(await primeText({ env: process.env, cwd: currentDirectory(), pid: process.pid }));
  return true;
}

/** All of it, also into a pipe that is full at the moment; nothing to somebody who has gone. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0, tries = 0; at < bytes.length && tries < 2000; tries += 1) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
