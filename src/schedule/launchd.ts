import { exitStatus, Failure } from '../exit.ts';
import type { ScheduleProblem } from '../model/schedule.ts';
import { explain, type Ran } from '../run.ts';
import { drift, missingProgram } from './drift.ts';
import { type Host, toolEnvironment } from './host.ts';
import { labelOf, parsePlist, plist } from './plist.ts';
import { privacyProblem } from './privacy.ts';
import type { Scheduler } from './scheduler.ts';
import { putBack, removeFile, textOf, writeFiles } from './unit-files.ts';

/** The user's own launchd, by `launchctl`. */
export function launchd(host: Host): Scheduler {
  const launchctl = (...args: readonly string[]): Promise<Ran> =>
    host.run({ file: 'launchctl', args, env: toolEnvironment(host), timeoutMs: 30_000 });
  const domain = `gui/${host.uid}`;
  const fileOf = (town: string) => `${host.home}/Library/LaunchAgents/${labelOf(town)}.plist`;
  const isLoaded = async (town: string) => (await launchctl('print', `${domain}/${labelOf(town)}`)).ok;

  return {
    name: 'launchd',
    unusable: async () => {
      if (host.platform !== 'darwin') return 'launchd is a part of macOS';
      const ran = await launchctl('print', domain);
      return ran.ok ? null : `launchctl ${explain(ran)}: ${ran.stderr.trim()}`;
    },
    wanted: (registration) => [{ where: fileOf(registration.town), text: plist(registration) }],
    find: async (registration) => {
      const { town } = registration;
      const text = textOf(fileOf(town));
      if (text === null) return null;
      const { env, command, everyMinutes } = parsePlist(text);
      const active = host.platform === 'darwin' ? await isLoaded(town) : null;
      const problems: (ScheduleProblem | null)[] = [
        missingProgram(command),
        text === plist({ ...registration, env }) ? null : drift(fileOf(town), command, registration),
        active === false ? notLoaded() : null,
        privacyProblem(town, host),
      ];
      return {
        scheduler: 'launchd',
        where: [fileOf(town)],
        command,
        environment: env,
        everyMs: everyMinutes === null ? null : everyMinutes * 60_000,
        active,
        lastResult: null,
        problems: problems.filter((problem) => problem !== null),
      };
    },
    install: async (registration) => {
      const { town } = registration;
      const file = fileOf(town);
      const before = writeFiles({ [file]: plist(registration) });
      const loaded = await isLoaded(town);
      // A job that is loaded and unchanged is left to its work.
      if (before.length === 0 && loaded) return false;
      if (loaded) await launchctl('bootout', `${domain}/${labelOf(town)}`);
      const ran = await launchctl('bootstrap', domain, file);
      if (ran.ok) return true;
      putBack(before);
      if (loaded) await launchctl('bootstrap', domain, file);
      throw new Failure(
        'launchd-refused',
        exitStatus.unavailable,
        `launchctl bootstrap ${domain} ${file} ${explain(ran)}: ${ran.stderr.trim()}. Everything was put back.`,
        `launchctl print ${domain}`,
      );
    },
    remove: async (town) => {
      const file = fileOf(town);
      if (textOf(file) === null) return false;
      await launchctl('bootout', `${domain}/${labelOf(town)}`);
      return removeFile(file);
    },
  };
}

function notLoaded(): ScheduleProblem {
  return {
    code: 'job-not-loaded',
    message: 'launchd has not loaded the job.',
    hint: 'gt schedule install',
    stops: true,
  };
}
