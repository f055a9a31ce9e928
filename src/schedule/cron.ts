import { exitStatus, Failure } from '../exit.ts';
import type { Installed, ScheduleProblem } from '../model/schedule.ts';
import { explain, type Ran } from '../run.ts';
import { shellWord } from '../town/shell-word.ts';
import { cronLine, parseCronLine } from './cron-line.ts';
import { bytes, regionIn, withoutRegion, withRegion } from './crontab-region.ts';
import { drift, missingProgram } from './drift.ts';
import { type Host, toolEnvironment } from './host.ts';
import type { Registration } from './registration.ts';
import type { Scheduler } from './scheduler.ts';

const table = 'your crontab';

/** A scheduler whose whole table can be looked at. */
interface Shown {
  /** The user's whole table, a character for each byte; null where there is none, or none that can be read. */
  readonly table: () => Promise<string | null>;
}

/** The user's crontab, by `crontab -l` and `crontab -`. A table that cannot be read is never written. */
export function cron(host: Host): Scheduler & Shown {
  const crontab = (args: readonly string[], input?: string): Promise<Ran> =>
    host.run({
      file: 'crontab',
      args,
      env: { ...toolEnvironment(host), EDITOR: 'cat', VISUAL: 'cat' },
      encoding: 'latin1',
      ...(input === undefined ? {} : { input }),
    });

  const read = async (): Promise<Table> => {
    const ran = await crontab(['-l']);
    if (ran.ok) return asItIs(ran.stdout);
    if (ran.failure === 'exit' && isAbsent(ran)) return { kind: 'absent' };
    return { kind: 'unusable', why: `crontab -l ${explain(ran)}${said(ran)}` };
  };

  /**
   * Debian's `crontab -l` shows a carriage return as two characters, `\\r`, and written back that is what it would be. An
   * editor is given the table as it is, so where there may be such characters the editor is `cat`, which changes nothing.
   */
  const asItIs = async (listed: string): Promise<Table> => {
    if (!shownOtherwise.test(listed)) return { kind: 'table', text: listed };
    const { ok, stdout } = await crontab(['-e']);
    if (ok && plainly(stdout) === plainly(listed)) return { kind: 'table', text: stdout };
    return { kind: 'unusable', why: 'crontab -l and crontab -e show different tables' };
  };

  const textOf = async (): Promise<string> => {
    const now = await read();
    if (now.kind === 'unusable') throw notRead(now.why);
    return now.kind === 'table' ? now.text : '';
  };

  /** Writes a table and reads it back: what cron has is what counts. */
  const write = async (text: string): Promise<void> => {
    const ran = text === '' ? await crontab(['-r']) : await crontab(['-'], text);
    if (!ran.ok) throw ran.failure === 'exit' ? notTaken(ran) : perhapsWritten(ran);
    if ((await textOf()) !== text) throw changed();
  };

  return {
    name: 'cron',
    table: async () => {
      const now = await read();
      return now.kind === 'table' ? now.text : null;
    },
    unusable: async () => {
      const now = await read();
      return now.kind === 'unusable' ? now.why : null;
    },
    wanted: (registration) => [
      { where: table, text: withRegion('', registration.town, [cronLine(registration)]) },
    ],
    find: async (registration) => {
      const now = await read();
      if (now.kind !== 'table') return null;
      const lines = regionIn(now.text, registration.town);
      return lines === null ? null : installed(lines, registration, host);
    },
    install: async (registration) => {
      const old = await textOf();
      const next = withRegion(old, registration.town, [bytes(cronLine(registration))]);
      if (next === old) return false;
      await write(next);
      return true;
    },
    remove: async (town) => {
      const now = await read();
      if (now.kind === 'unusable') throw notRead(now.why);
      if (now.kind === 'absent') return false;
      const next = withoutRegion(now.text, town);
      if (next === now.text) return false;
      try {
        await write(next);
      } catch (error) {
        // Some crons take no table whose last line has no end, not even one they gave. They refuse it before anything changes;
        // after any other trouble the table may be somebody else's by now.
        if (!isRefusal(error) || next.endsWith('\n') || next === '') throw error;
        if ((await textOf()) !== now.text) throw changed();
        await write(`${next}\n`);
      }
      return true;
    },
  };
}

/** Something that may stand for a character that is not printed. */
const shownOtherwise = /\\[0-9a-z]/;

/** A table without whatever two programs may show in different ways. */
function plainly(text: string): string {
  return text.replaceAll(/\\(?:[0-7]{3}|x[0-9a-f]{2}|[abefrtv])|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

type Table =
  | { readonly kind: 'absent' }
  | { readonly kind: 'table'; readonly text: string }
  | { readonly kind: 'unusable'; readonly why: string };

/** Every cron says it in its own words; whatever is not understood is no reason to think that there is no table. */
function isAbsent({ stderr }: Ran): boolean {
  return /\bno crontab for\b/i.test(stderr) || /can't open '[^']*': No such file/.test(stderr);
}

function installed(lines: readonly string[], registration: Registration, host: Host): Installed {
  const [line = ''] = lines;
  const parsed = parseCronLine(Buffer.from(line, 'latin1').toString('utf8'));
  const same =
    parsed !== null && lines.length === 1 && line === bytes(cronLine({ ...registration, env: parsed.env }));
  const problems: (ScheduleProblem | null)[] = [
    parsed === null ? null : missingProgram(parsed.command),
    same ? null : drift(table, parsed?.command ?? [], registration),
    noDaemon(host),
  ];
  return {
    scheduler: 'cron',
    where: [table],
    command: parsed?.command ?? [],
    environment: parsed?.env ?? {},
    everyMs: parsed?.everyMinutes == null ? null : parsed.everyMinutes * 60_000,
    active: host.cronRuns(),
    lastResult: null,
    problems: problems.filter((problem) => problem !== null),
  };
}

/** A table that nobody reads (F87: systems that do not start cron by themselves). */
export function noDaemon(host: Host): ScheduleProblem | null {
  if (host.cronRuns() !== false) return null;
  return {
    code: 'cron-not-running',
    message: 'No cron runs on this machine, so nobody reads your crontab.',
    hint: 'sudo service cron start',
    stops: true,
  };
}

function notRead(why: string): Failure {
  return new Failure(
    'crontab-unreadable',
    exitStatus.unavailable,
    `Your crontab cannot be read, so it was left alone: ${why}.`,
    'crontab -l',
  );
}

/** The program itself said no. */
function notTaken(ran: Ran): Failure {
  return new Failure(
    refused,
    exitStatus.unavailable,
    `The new crontab was not taken, so the old one stands: crontab ${explain(ran)}${said(ran)}.`,
    'crontab -l',
  );
}

/** The program was ended or could not be started: what the table is now, it did not say. */
function perhapsWritten(ran: Ran): Failure {
  return new Failure(
    'crontab-unknown',
    exitStatus.unavailable,
    `Whether the new crontab was taken is unknown: crontab ${explain(ran)}${said(ran)}. Look at it before you try again.`,
    'crontab -l',
  );
}

const refused = 'crontab-refused';

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.code === refused;
}

function said({ stderr }: Ran): string {
  return stderr.trim() === '' ? '' : `: ${stderr.trim()}`;
}

function changed(): Failure {
  return new Failure(
    'crontab-changed',
    exitStatus.busy,
    'Your crontab is not what was written a moment ago: somebody else edits it, or cron keeps it in another form. Look at it before you try again.',
    `crontab -l | grep -n ${shellWord(' gt ')}`,
  );
}
