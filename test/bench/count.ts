import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkExit, type Measured } from './command.ts';

/** What a run did, seen from outside: counts that do not depend on how busy the machine is. */
export interface Effects {
  /** Programs started besides the measured one. */
  readonly subprocesses: number;
  /** Bytes written to files below the directory, and how often a file or directory was synced to disk. */
  readonly bytesWritten: number;
  readonly syncs: number;
}

/** Node's switches with which callgrind's counts agree from run to run to a few parts in ten thousand. */
const repeatable = ['--predictable', '--random-seed=1', '--hash-seed=1', '--single-threaded'];

/**
 * User-space instructions of a `node …` command line, by callgrind. Takes about five seconds. With the switches V8 uses
 * no code compiled ahead, so that what loads much is counted without them, as users run it, to about one in a hundred.
 */
export function instructions(program: Measured, switches: readonly string[] = repeatable): number {
  program.prepare?.();
  return inScratch((dir) => {
    const [node, ...args] = program.argv;
    const options = ['--tool=callgrind', `--callgrind-out-file=${dir}/out`];
    const ran = spawnSync('valgrind', [...options, node, ...switches, ...args], {
      env: program.env,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    checkExit(program, ran.status, ran.stderr);
    const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(`${dir}/out`, 'utf8'))?.[1];
    if (total === undefined) throw new Error('callgrind counted nothing');
    return Number(total);
  });
}

const traced = 'execve,write,pwrite64,writev,fsync,fdatasync';

/** Traces a run with strace; writes count when they go to a file below `directory`. */
export function effects(program: Measured, directory: string): Effects {
  program.prepare?.();
  return inScratch((dir) => {
    const options = ['-f', '-y', '-s', '0', '-e', `trace=${traced}`, '-o', `${dir}/out`];
    const ran = spawnSync('strace', [...options, '--', ...program.argv], {
      env: program.env,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    checkExit(program, ran.status, ran.stderr);
    const lines = readFileSync(`${dir}/out`, 'utf8').split('\n');
    const matching = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line) ?? []);
    const writes = lines.flatMap((line) => {
      const [, path = '', count = '0'] = /\bp?write(?:v|64)?\(\d+<([^>]*)>.* = (\d+)$/.exec(line) ?? [];
      return path.startsWith(directory) ? [Number(count)] : [];
    });
    return {
      subprocesses: matching(/\bexecve\(.* = 0$/).length - 1,
      bytesWritten: writes.reduce((sum, count) => sum + count, 0),
      syncs: matching(/\bf(?:data)?sync\(.* = 0$/).length,
    };
  });
}

/** Files of the programs that a run started besides the measured one, whoever of them started which. */
export function programsStarted(program: Measured): readonly string[] {
  program.prepare?.();
  return inScratch((dir) => {
    const ran = spawnSync('strace', ['-f', '-e', 'trace=execve', '-o', `${dir}/out`, '--', ...program.argv], {
      env: program.env,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    checkExit(program, ran.status, ran.stderr);
    return [...readFileSync(`${dir}/out`, 'utf8').matchAll(/\bexecve\("([^"]*)".* = 0$/gm)]
      .map(([, file = '']) => file)
      .slice(1);
  });
}

/** Peak resident memory of a `node …` command line itself, in bytes. */
export function peakMemory(program: Measured): number {
  program.prepare?.();
  return inScratch((dir) => {
    const [node, ...args] = program.argv;
    const hook = `process.on('exit',()=>require('fs').writeFileSync('${dir}/out',String(process.resourceUsage().maxRSS)))`;
    const preload = `data:text/javascript,import{createRequire}from'module';const require=createRequire('/');${hook}`;
    const ran = spawnSync(node, ['--import', preload, ...args], {
      env: program.env,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    checkExit(program, ran.status, ran.stderr);
    return Number(readFileSync(`${dir}/out`, 'utf8')) * 1024;
  });
}

function inScratch<T>(use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'gt-count-'));
  try {
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
