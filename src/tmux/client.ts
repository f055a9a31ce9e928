import { realpathSync } from 'node:fs';
import type { Ran, Run } from '../run.ts';
import { classify } from './errors.ts';

/** One tmux server as its clients reach it. The only thing that starts `tmux`. */
export interface TmuxClient {
  /** Where the server's socket is, spelled as tmux itself spells it. */
  readonly socketPath: string;
  /** Runs one tmux client with these arguments; `input` goes to its standard input. */
  readonly call: (args: readonly string[], input?: string) => Promise<Ran>;
  /** A fresh word that no text on a screen can contain by accident or guess: frames our output. */
  readonly nonce: () => string;
}

export interface TmuxOptions {
  /** Name of the server (`-L`). */
  readonly socket: string;
  /** TMUX_TMPDIR, or null for tmux's own choice, `/tmp`. */
  readonly tmpdir: string | null;
  /** The caller's environment; only what concerns the person and the language is passed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  /** The tmux program: an absolute path, or a name the runner can find. */
  readonly file: string;
  readonly timeoutMs: number;
}

/**
 * `-u` because without it and without a UTF-8 locale (cron, systemd) tmux replaces every byte outside printable
 * ASCII (design/typescript.md §1.5). TMUX and TMUX_PANE must not leak in: they would choose another server.
 */
export function openTmux(options: TmuxOptions): TmuxClient {
  const { socket, tmpdir, run, file, timeoutMs } = options;
  const env = clientEnvironment(options.env, tmpdir);
  const once = (args: readonly string[], input?: string) =>
    run({
      file,
      args: ['-u', '-L', socket, ...args],
      env,
      timeoutMs,
      ...(input === undefined ? {} : { input }),
    });
  return {
    socketPath: socketPathOf(socket, tmpdir),
    call: async (args, input) => {
      const ran = await once(args, input);
      const retry = ran.failure === 'exit' && ran.stdout === '' && classify(ran.stderr) === 'server-exited';
      return retry ? once(args, input) : ran;
    },
    nonce: makeNonce,
  };
}

/**
 * The socket's path as tmux computes it: in `tmux-<uid>` under TMUX_TMPDIR with its symbolic links resolved, and
 * under `/tmp` when that directory does not exist.
 */
export function socketPathOf(socket: string, tmpdir: string | null): string {
  const base = (tmpdir === null ? null : realPath(tmpdir)) ?? realPath('/tmp') ?? '/tmp';
  return `${base}/tmux-${process.getuid?.() ?? 0}/${socket}`;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

const passedOn =
  /^(HOME|USER|LOGNAME|SHELL|PATH|TERM|TZ|LANG|LANGUAGE|LC_[A-Z]+|XDG_[A-Z_]+|SSH_AUTH_SOCK|TMPDIR)$/;

/** A server that this client happens to start keeps this environment for all its sessions. */
function clientEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  tmpdir: string | null,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => passedOn.test(name));
  return { ...Object.fromEntries(kept), ...(tmpdir === null ? {} : { TMUX_TMPDIR: tmpdir }) };
}

function makeNonce(): string {
  return `gt${Math.random().toString(36).slice(2, 12)}${process.hrtime.bigint().toString(36)}`;
}
