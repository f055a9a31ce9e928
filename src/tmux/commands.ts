import { literalFormat } from './quote.ts';

/** One tmux command as separate words; quoting happens in one place, when the script is written. */
export type TmuxCommand = readonly string[];

/** A program and its arguments. At least two words: a single one tmux would hand to a shell. */
export type Argv = readonly [string, string, ...string[]];

export interface NewSession {
  readonly session: string;
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: Argv;
}

/** Where a started agent lives, as {@link newSession} and {@link respawnPane} print it. */
export interface Placed {
  readonly pane: string;
  readonly panePid: number;
  readonly serverPid: number;
  readonly socket: string;
}

const placedFormat = '#{pane_id} #{pane_pid} #{pid} #{socket_path}';

/** Exact: `gt-deacon` alone would also match `gt-deacon-boot` (spec/tick.md §8.1). */
export function sessionTarget(session: string): string {
  return `=${session}:`;
}

/** A detached session whose only pane runs the program itself; prints a {@link Placed}. */
export function newSession(start: NewSession): TmuxCommand {
  return [
    ...['new-session', '-d', '-P', '-F', placedFormat],
    ...['-s', literalFormat(start.session), '-c', literalFormat(start.dir), '-x', '200', '-y', '50'],
    ...environment(start.env),
    '--',
    ...start.argv,
  ];
}

/** Puts a new process in a pane, ending what is left there. */
export function respawnPane(pane: string, start: Omit<NewSession, 'session'>): TmuxCommand {
  return [
    ...['respawn-pane', '-k', '-t', pane, '-c', literalFormat(start.dir)],
    ...environment(start.env),
    '--',
    ...start.argv,
  ];
}

/** Prints the {@link Placed} of a pane or session; for a missing one it prints a line without a pane. */
export function describePane(target: string): TmuxCommand {
  return ['display-message', '-p', '-t', target, placedFormat];
}

/** Reads what {@link newSession} or {@link describePane} printed; null when no pane was there. */
export function parsePlaced(output: string): Placed | null {
  const match = /^(%\d+) (\d+) (\d+) (.+)$/m.exec(output);
  const [, pane, panePid, serverPid, socket] = match ?? [];
  if (pane === undefined || socket === undefined) return null;
  return { pane, panePid: Number(panePid), serverPid: Number(serverPid), socket };
}

/** Marks a session as this town's, and its pane as the agent's. `target` is a session target or a pane id. */
export function tag(
  target: string,
  owner: { readonly town: string; readonly agent: string },
): readonly TmuxCommand[] {
  return [
    ['set-option', '-t', target, '@gt_town', owner.town],
    ['set-option', '-t', target, '@gt_agent', owner.agent],
    ['set-option', '-F', '-t', target, '@gt_pane', '#{pane_id}'],
  ];
}

/** Keeps a pane whose process ended, with its exit status, signal and time. */
export function remainOnExit(target: string): TmuxCommand {
  return ['set-option', '-p', '-t', target, 'remain-on-exit', 'on'];
}

/** Prints the visible screen, preceded by up to `history` lines of scrollback; wrapped lines are joined. */
export function capturePane(pane: string, history = 0): TmuxCommand {
  return ['capture-pane', '-p', '-J', '-t', pane, '-S', `-${history}`];
}

/** Prints the visible screen as it stands, styles included: faint text in a composer was not typed by anybody. */
export function captureScreen(pane: string): TmuxCommand {
  return ['capture-pane', '-p', '-e', '-t', pane];
}

/** Types one line of text without submitting it. */
export function sendLiteral(pane: string, text: string): TmuxCommand {
  if (/[\x00-\x1f\x7f]/.test(text))
    throw new RangeError(`text to be typed has control characters: ${JSON.stringify(text)}`);
  return ['send-keys', '-t', pane, '-l', '--', text];
}

/** Submits: the byte itself, since newer tmux encode the named key in ways not every program reads. */
export function sendEnter(pane: string): TmuxCommand {
  return ['send-keys', '-t', pane, '-H', '0d'];
}

/** Leaves copy mode; fails when the pane is in none. */
export function cancelMode(pane: string): TmuxCommand {
  return ['send-keys', '-t', pane, '-X', 'cancel'];
}

/** For processes that start in the session later; the running one does not see it. */
export function setEnvironment(session: string, name: string, value: string): TmuxCommand {
  return ['set-environment', '-t', sessionTarget(session), '--', name, value];
}

export function killSession(session: string): TmuxCommand {
  return ['kill-session', '-t', sessionTarget(session)];
}

/** Ends one pane; the session goes with its last one. */
export function killPane(pane: string): TmuxCommand {
  return ['kill-pane', '-t', pane];
}

function environment(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
}
