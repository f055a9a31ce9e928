import { dirname } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';
import type { Installed, ScheduleProblem } from '../model/schedule.ts';
import { explain, type Ran } from '../run.ts';
import { drift, missingProgram } from './drift.ts';
import { dropIns, parseDropIn } from './drop-ins.ts';
import { configHome, type Host, toolEnvironment } from './host.ts';
import { lingerProblem } from './linger.ts';
import type { Registration } from './registration.ts';
import type { Scheduler } from './scheduler.ts';
import { namesIn, putBack, removeEmpty, removeFile, textOf, writeFiles } from './unit-files.ts';
import { unitOf } from './unit-name.ts';
import { templates } from './units.ts';

/** Longest name of a file, and so of a unit's directory of additions. */
const longestName = 255;

/** The user's own service manager. */
export function systemd(host: Host): Scheduler {
  const dir = `${configHome(host)}/systemd/user`;
  const systemctl = (...args: readonly string[]): Promise<Ran> =>
    host.run({ file: 'systemctl', args: ['--user', ...args], env: toolEnvironment(host), timeoutMs: 30_000 });
  const must = async (...args: readonly string[]): Promise<void> => {
    const ran = await systemctl(...args);
    if (!ran.ok) throw refused(args, ran);
  };
  const units = (town: string) => [unitOf(town, 'tick', 'timer'), unitOf(town, 'tick', 'path')];
  const filesFor = (registration: Registration): Readonly<Record<string, string>> => {
    checkLength(registration.town);
    const all = { ...templates, ...dropIns(registration) };
    return Object.fromEntries(Object.entries(all).map(([name, text]) => [`${dir}/${name}`, text]));
  };
  const own = (town: string): readonly string[] => [
    `${dir}/${unitOf(town, 'tick', 'service')}.d/town.conf`,
    `${dir}/${unitOf(town, 'tmux', 'service')}.d/town.conf`,
    `${dir}/${unitOf(town, 'tick', 'timer')}.d/town.conf`,
  ];
  const links = (town: string): readonly string[] => [
    `${dir}/timers.target.wants/${unitOf(town, 'tick', 'timer')}`,
    `${dir}/paths.target.wants/${unitOf(town, 'tick', 'path')}`,
  ];
  const removeOurDirectories = (): void => {
    for (const made of [dir, dirname(dir), dirname(dirname(dir))]) removeEmpty(made);
  };
  /** Whether any town is left that needs the templates. */
  const inUse = (): boolean =>
    namesIn(dir).some((name) => /^gt-(tick|tmux)@.+\.d$/.test(name)) ||
    ['timers', 'paths', 'default'].some((target) =>
      namesIn(`${dir}/${target}.target.wants`).some((name) => /^gt-(tick|tmux)@./.test(name)),
    );

  return {
    name: 'systemd',
    unusable: async () => {
      const ran = await systemctl('list-timers');
      return ran.ok ? null : `systemctl --user ${explain(ran)}${said(ran)}`;
    },
    wanted: (registration) =>
      Object.entries(filesFor(registration)).map(([where, text]) => ({ where, text })),
    find: async (registration) => {
      const files = [...own(registration.town), ...links(registration.town)].filter((path) => isThere(path));
      if (files.length === 0) return null;
      return installed(registration, files);
    },
    install: async (registration) => {
      const { town } = registration;
      const files = filesFor(registration);
      // A length of its own that is no longer wanted.
      const obsolete = own(town).filter((path) => !(path in files) && textOf(path) !== null);
      const before = [...obsolete.map((path) => [path, textOf(path)] as const), ...writeFiles(files)];
      for (const path of obsolete) removeFile(path);
      if (before.length === 0 && (await isAtWork(town))) return false;
      try {
        await must('daemon-reload');
        await must('enable', ...units(town));
        // Started anew, so that a changed length counts at once.
        await must('restart', ...units(town));
        if (!(await isAtWork(town))) throw notAtWork(town);
      } catch (error) {
        const fresh = before.some(([path, text]) => text === null && own(town).includes(path));
        if (fresh) await systemctl('disable', '--now', ...units(town));
        putBack(before);
        removeOurDirectories();
        await systemctl('daemon-reload');
        if (!fresh) await systemctl('restart', ...units(town));
        throw error;
      }
      return true;
    },
    remove: async (town) => {
      const there = [...own(town), ...links(town)].filter((path) => isThere(path));
      if (there.length === 0) return false;
      // Without a manager to tell, nothing of it runs; the files alone are all there is.
      await systemctl('disable', '--now', ...units(town));
      for (const path of there) removeFile(path);
      if (!inUse()) for (const name of Object.keys(templates)) removeFile(`${dir}/${name}`);
      removeOurDirectories();
      await systemctl('daemon-reload');
      await systemctl('reset-failed', ...units(town), unitOf(town, 'tick', 'service'));
      return true;
    },
  };

  async function isAtWork(town: string): Promise<boolean> {
    const [enabled, active] = await Promise.all([
      systemctl('is-enabled', ...units(town)),
      systemctl('is-active', ...units(town)),
    ]);
    return enabled.ok && everyLine(enabled, 'enabled') && active.ok && everyLine(active, 'active');
  }

  async function installed(registration: Registration, files: readonly string[]): Promise<Installed> {
    const { town } = registration;
    const text = textOf(own(town)[0] ?? '') ?? '';
    const { env, command } = parseDropIn(text);
    const wanted = filesFor({ ...registration, env });
    const same = Object.entries(wanted).every(([path, wantedText]) => textOf(path) === wantedText);
    const usable = (await systemctl('list-timers')).ok;
    const active = usable ? await isAtWork(town) : null;
    const result = usable
      ? await systemctl('show', unitOf(town, 'tick', 'service'), '-p', 'Result', '-p', 'ExecMainStatus')
      : null;
    const problems: (ScheduleProblem | null)[] = [
      missingProgram(command),
      same
        ? null
        : drift(
            `${dir}/gt-tick@.service`,
            command.length === 0 ? [] : [...command, '--town', town],
            registration,
          ),
      active === false ? stopped(town) : null,
      usable ? null : noManager(),
      await lingerProblem(host),
    ];
    const [, every] = /^OnCalendar=\*:0\/(\d+)$/m.exec(textOf(own(town)[2] ?? '') ?? '') ?? [];
    return {
      scheduler: 'systemd',
      where: files,
      command: command.length === 0 ? [] : [...command, '--town', town],
      environment: env,
      everyMs: (textOf(own(town)[2] ?? '') === null ? 1 : Number(every ?? 60)) * 60_000,
      active,
      lastResult: result === null ? null : resultOf(result),
      problems: problems.filter((problem) => problem !== null),
    };
  }
}

function isThere(path: string): boolean {
  const cut = path.lastIndexOf('/');
  return namesIn(path.slice(0, cut)).includes(path.slice(cut + 1));
}

function everyLine({ stdout }: Ran, word: string): boolean {
  return stdout
    .trim()
    .split('\n')
    .every((line) => line === word);
}

/** `success`, or what went wrong with the last call. */
function resultOf({ ok, stdout }: Ran): string | null {
  if (!ok) return null;
  const [, result = ''] = /^Result=(.*)$/m.exec(stdout) ?? [];
  const [, status = '0'] = /^ExecMainStatus=(\d+)$/m.exec(stdout) ?? [];
  return result === 'success' ? 'success' : `${result} (status ${status})`;
}

function checkLength(town: string): void {
  if (Buffer.byteLength(`${unitOf(town, 'tmux', 'service')}.d`) <= longestName) return;
  throw new Failure(
    'path-too-long',
    exitStatus.cannotCreate,
    `The path ${town} is too long for the name of a systemd unit.`,
    'gt schedule install --scheduler cron',
  );
}

function stopped(town: string): ScheduleProblem {
  return {
    code: 'timer-stopped',
    message: `The timer ${unitOf(town, 'tick', 'timer')} is not enabled and running.`,
    hint: 'gt schedule install',
    stops: true,
  };
}

function noManager(): ScheduleProblem {
  return {
    code: 'no-user-manager',
    message: 'Your service manager does not answer, so whether the timer runs cannot be told.',
    hint: 'systemctl --user status',
    stops: false,
  };
}

function notAtWork(town: string): Failure {
  return new Failure(
    'timer-not-started',
    exitStatus.unavailable,
    `systemd took ${unitOf(town, 'tick', 'timer')} but does not run it. Everything was put back.`,
    'systemctl --user list-timers --all',
  );
}

function refused(args: readonly string[], ran: Ran): Failure {
  return new Failure(
    'systemd-refused',
    exitStatus.unavailable,
    `systemctl --user ${args.join(' ')} ${explain(ran)}${said(ran)}. Everything was put back.`,
    'systemctl --user status',
  );
}

function said({ stderr }: Ran): string {
  const text = stderr.trim();
  return text === '' ? '' : `: ${text}`;
}
