import { counted } from '../model/counted.ts';
import type { Fact } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import { explain, findProgram } from '../run.ts';
import { socketPathOf } from '../tmux/client.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined, Finding } from './finding.ts';

/** The oldest tmux with which sessions can be given an environment of their own. */
const oldest = [3, 2] as const;
/** Paths of sockets end here on every system we know: 104 bytes on some, 108 on Linux, the closing zero included. */
const longestSocket = 103;

export interface TmuxSeen {
  /** Null: not found. */
  readonly file: string | null;
  /** What `tmux -V` printed, or why it did not. */
  readonly version: Fact<string>;
  readonly socket: string;
  /** What answered at the socket; null: nobody could ask. */
  readonly answer: Fact<Tmux> | null;
  readonly path: readonly string[];
  readonly town: string;
}

export const examineTmux: Examine = async ({ config, env, path, run, snapshot, layout }) => {
  const file = findProgram('tmux', path);
  const ran = file === null ? null : await run({ file, args: ['-V'], env: { PATH: env.PATH } });
  return judgeTmux({
    file,
    version:
      ran?.ok === true
        ? { known: true, value: ran.stdout.trim() }
        : { known: false, reason: ran === null ? 'there is none' : `tmux -V ${explain(ran)}` },
    socket: socketPathOf(config.tmux.socket, config.tmux.tmpdir),
    answer: snapshot?.tmux ?? null,
    path,
    town: layout.root,
  });
};

export function judgeTmux({ file, version, socket, answer, path, town }: TmuxSeen): Examined {
  const findings: Finding[] = [];
  const find = (code: string, message: string, remedy: string) =>
    findings.push({ code, message, since: null, remedy });
  const settings = `gt config show --town ${shellWord(town)}`;
  if (file === null) {
    const where = path.join(':') || 'an empty search path';
    find('tmux-missing', `No tmux program was found in ${where}. Without it no agent can be seen.`, settings);
  } else if (!version.known)
    find('tmux-broken', `${file} is no usable tmux: ${version.reason}.`, `${shellWord(file)} -V`);
  else if (isOld(version.value))
    find(
      'tmux-old',
      `${file} is ${version.value}; gt needs tmux ${oldest.join('.')} or later.`,
      `${shellWord(file)} -V`,
    );
  if (Buffer.byteLength(socket) > longestSocket)
    find(
      'socket-path-long',
      `The path of the town's tmux socket is longer than a socket's may be: ${socket}`,
      settings,
    );
  if (file !== null && answer !== null && !answer.known)
    find(
      'tmux-not-answering',
      `The tmux server at ${socket} gave no usable answer: ${answer.reason}.`,
      `ls -l ${shellWord(socket)}`,
    );
  const heard =
    answer === null || !answer.known
      ? ''
      : answer.value.kind === 'absent'
        ? ', no server yet'
        : `, ${counted(answer.value.panes.length, 'pane')}`;
  return {
    name: 'tmux',
    saw: `${version.known ? version.value.replace(/^tmux /, '') : 'none'} at ${socket}${heard}`,
    facts: { tmux: file, socket },
    findings,
  };
}

/** Development versions bear other names and are newer than any number. */
function isOld(version: string): boolean {
  const match = /^tmux (\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
