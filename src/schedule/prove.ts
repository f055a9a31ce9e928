import { parseJson } from '../persist/parse-json.ts';
import { explain, type Run } from '../run.ts';
import { cleared, commandOf, type Registration } from './registration.ts';

/** How a dry run in a schedule's own environment went. */
export interface Proof {
  readonly ok: boolean;
  readonly exit: number | null;
  /** For people: what was planned, or what went wrong. */
  readonly message: string;
}

/**
 * Runs what the schedule will call, with the environment it will be called in and nothing else, but for show: the plan is
 * made and not carried out (F12).
 */
export async function prove(registration: Registration, user: string, run: Run): Promise<Proof> {
  const [file = '', ...args] = commandOf(registration);
  const ran = await run({
    file,
    args: [...args, '--dry-run', '--json'],
    cwd: registration.env.HOME ?? '/',
    env: scheduledEnvironment(registration, user),
    timeoutMs: 60_000,
  });
  const said = parseJson(ran.stdout);
  if (!ran.ok) {
    const message = textAt(said, 'error', 'message') || ran.stderr.trim() || `it ${explain(ran)}`;
    return { ok: false, exit: ran.exit, message };
  }
  const actions = entry(said, 'actions');
  const count = Array.isArray(actions) ? actions.length : 0;
  return {
    ok: true,
    exit: ran.exit,
    message: count === 0 ? 'nothing to do' : `${count} action${count === 1 ? '' : 's'} planned`,
  };
}

/** The whole environment of a scheduled call. */
export function scheduledEnvironment({ env }: Registration, user: string): Readonly<Record<string, string>> {
  return {
    SHELL: '/bin/sh',
    PATH: '/usr/bin:/bin',
    LOGNAME: user,
    USER: user,
    ...Object.fromEntries(cleared.map((name) => [name, ''])),
    ...env,
  };
}

function textAt(value: unknown, ...path: readonly string[]): string {
  const found = path.reduce(entry, value);
  return typeof found === 'string' ? found : '';
}

function entry(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
