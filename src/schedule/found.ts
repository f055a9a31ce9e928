import { failureOf } from '../exit.ts';
import type { Installed, ScheduleProblem } from '../model/schedule.ts';
import { knownTownsFile, readKnownTowns } from '../town/known-towns.ts';
import { shellWord } from '../town/shell-word.ts';
import { cron, noDaemon } from './cron.ts';
import type { Host } from './host.ts';
import { type OwnLine, ownLines } from './own-lines.ts';
import type { Registration } from './registration.ts';
import { schedulers } from './schedulers.ts';

/**
 * Everything that calls a town's tick, as far as this user sees it: our registrations, and what the user wrote into the
 * crontab by hand. That counts like a registration where there is none; beside one it is a problem that stops nothing.
 */
export async function foundSchedules(registration: Registration, host: Host): Promise<readonly Installed[]> {
  const each = await Promise.all(schedulers(host).map(({ find }) => find(registration)));
  const found = each.filter((one) => one !== null);
  const [line, ...more] = await linesByHand(registration.town, host);
  if (line === undefined) return found;
  const [first, ...others] = found;
  if (first === undefined) return [installed(line, more, host)];
  return [{ ...first, problems: [...first.problems, besides([line, ...more])] }, ...others];
}

/** What calls a town although it was not registered by us: command lines, for people. Nothing here is ever changed. */
export async function callsByHand(town: string, host: Host): Promise<readonly string[]> {
  return (await linesByHand(town, host)).map(commandText);
}

async function linesByHand(town: string, host: Host): Promise<readonly OwnLine[]> {
  const table = await cron(host).table();
  if (table === null) return [];
  try {
    return ownLines(table, { town, home: host.home, isListed: isListed(town, host) });
  } catch (error) {
    // Marks that are not in one pair: whoever looks for our own lines says so.
    if (failureOf(error) === null) throw error;
    return [];
  }
}

function isListed(town: string, { env }: Host): boolean {
  const file = knownTownsFile(env);
  const known = file === null ? null : readKnownTowns(file);
  return known?.kind === 'ok' && known.towns.some(({ root }) => root === town);
}

function installed(line: OwnLine, more: readonly OwnLine[], host: Host): Installed {
  const problems = [noDaemon(host), more.length === 0 ? null : besides(more)];
  return {
    scheduler: 'cron',
    where: ['your crontab, in a line of your own'],
    command: line.command,
    environment: line.env,
    everyMs: line.everyMinutes === null ? null : line.everyMinutes * 60_000,
    active: host.cronRuns(),
    lastResult: null,
    problems: problems.filter((problem) => problem !== null),
  };
}

function besides(lines: readonly OwnLine[]): ScheduleProblem {
  const commands = lines.map(commandText).join('; ');
  return {
    code: 'called-by-hand',
    message: `Your crontab calls gt tick for this town in a line of your own as well (${commands}); one call is enough.`,
    hint: 'crontab -e',
    stops: false,
  };
}

function commandText({ command }: OwnLine): string {
  return command.map((word) => shellWord(word.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ''))).join(' ');
}
