#!/usr/bin/env node
import { existsSync, readlinkSync } from 'node:fs';
import { askGate } from './due.ts';

/**
 * The front door. A scheduler's `gt tick` with nothing due is answered here, from two small files and without loading
 * anything; what agents' hooks ask on every prompt, with the least there is; everybody else is shown to the right room.
 */
const args = process.argv.slice(2);
const tick = plainTick(args);
if (tick === null || !nothingDue(tick.town)) void open();

async function open(): Promise<void> {
  try {
    if (args[1] === 'check' && args.includes('--inject')) {
      if (await (await import('./commands/mail/inject.ts')).inject(args)) return;
    }
    if (args[0] === 'prime' || args[0] === 'costs' || args[2] === 'session-started') {
      if (await (await import('./commands/talk/at-once.ts')).answerAtOnce(args)) return;
    }
    await standSomewhere();
    (await import('./compiled.ts')).useCompiled();
    if (args.length === 2 && args[0] === 'tick' && args[1] === '--all') {
      process.exitCode = await (await import('./commands/tick/tick-all.ts')).scheduledTickAll();
      return;
    }
    process.exitCode =
      tick === null
        ? await (await import('./main.ts')).main(args)
        : await (await import('./commands/tick/tick.ts')).scheduledTick(tick.town);
  } catch (error) {
    const { complain } = await import('./commands/complain.ts');
    process.exitCode = complain(error, args);
  }
}

/** Libraries ask for the current directory as they are loaded; where that is gone, commands work all the same. */
async function standSomewhere(): Promise<void> {
  try {
    process.cwd();
  } catch {
    process.chdir('/');
  }
}

/** `tick`, at most with `--town DIR`: what schedulers call. Null for every other command line. */
function plainTick(given: readonly string[]): { readonly town: string | null } | null {
  const [command, option, value] = given;
  if (command !== 'tick') return null;
  if (given.length === 1) return { town: null };
  if (given.length === 2 && option?.startsWith('--town=')) return { town: option.slice('--town='.length) };
  if (given.length === 3 && option === '--town' && value !== undefined && !value.startsWith('-'))
    return { town: value };
  return null;
}

/** True when nothing is due and nobody watches. A false clock, which test towns have, is the pass's business. */
function nothingDue(given: string | null): boolean {
  if (process.env.GT_CLOCK !== undefined || onTerminal()) return false;
  const town = given ?? townHere();
  return town !== null && !askGate(town, Date.now()).due;
}

/** The town as every command finds it: `GT_TOWN_ROOT`, else `GT_ROOT`, else upwards from here. */
function townHere(): string | null {
  const named = process.env.GT_TOWN_ROOT || process.env.GT_ROOT;
  if (named) return named;
  try {
    for (let dir = process.cwd(); ; dir = dir.slice(0, dir.lastIndexOf('/'))) {
      if (existsSync(`${dir}/mayor/town.json`)) return dir;
      if (dir.lastIndexOf('/') === -1) return null;
    }
  } catch {
    return null;
  }
}

/**
 * Cheaper than `process.stdout.isTTY`, which builds a stream first; the pass asks again, properly. Terminals have a TERM,
 * schedulers mostly do not. Without `/proc` the pass has to find out.
 */
function onTerminal(): boolean {
  if (!process.env.TERM) return false;
  try {
    return /^\/dev\/(pts|tty|console)/.test(readlinkSync('/proc/self/fd/1'));
  } catch {
    return true;
  }
}
