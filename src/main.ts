import { wordsOf } from './commands/command-line.ts';
import { type Context, processContext } from './commands/context.ts';
import { plainLine } from './commands/plain-line.ts';
import { exitStatus } from './exit.ts';

/**
 * Runs the command of a command line and returns its exit status; what it throws passes through. Lines that leave no doubt
 * are read here, all others, and what is wrong with them, by cli.ts, which is loaded only then.
 */
export async function main(args: readonly string[], context: Context = processContext()): Promise<number> {
  const line = plainLine(args) ?? (await (await import('./cli.ts')).understand(args));
  if (typeof line === 'string') {
    context.stdout(line);
    return exitStatus.done;
  }
  const { command, given } = line;
  const { leaveTrace } = await import('./commands/signs/stamp.ts');
  leaveTrace(wordsOf(command), given.text('town'), context);
  return command.run(given, context);
}
