import { statSync } from 'node:fs';
import type { ScheduleProblem } from '../model/schedule.ts';
import { isProgram } from '../run.ts';
import { shellWord } from '../town/shell-word.ts';
import { commandOf, type Registration } from './registration.ts';

/** Says that Node or `gt` is no longer where a schedule calls it; null when both are there. */
export function missingProgram(command: readonly string[]): ScheduleProblem | null {
  const [node = '', gt = ''] = command;
  const missing = !isProgram(node) ? node : isFile(gt) ? null : gt;
  if (missing === null) return null;
  return {
    code: 'program-missing',
    message: `${missing || 'The program'}, which the schedule calls, is not there.`,
    hint: 'gt schedule install',
    stops: true,
  };
}

/** Says that a registration is not what this `gt` would write: another version, another Node, or somebody's edit. */
export function drift(
  where: string,
  command: readonly string[],
  registration: Registration,
): ScheduleProblem {
  const wanted = commandOf(registration);
  const moved = wanted.some((word, index) => command[index] !== word);
  return {
    code: 'drift',
    message: moved
      ? `${where} calls ${line(command)}; this gt is ${line(wanted)}.`
      : `${where} is not as this gt would write it.`,
    hint: `gt schedule install --town ${shellWord(registration.town)}`,
    stops: false,
  };
}

function line(words: readonly string[]): string {
  return words.length === 0 ? 'something else' : words.map(shellWord).join(' ');
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
