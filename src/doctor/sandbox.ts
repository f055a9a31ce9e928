import { readFileSync } from 'node:fs';
import { counted } from '../model/counted.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Examine, type Examined, momentOf } from './finding.ts';

/** What the kernel holds a process to (proc(5)). */
export interface Bonds {
  readonly noNewPrivs: boolean;
  /** 0 none, 1 strict, 2 filter. */
  readonly seccomp: number;
}

/** A process of the town: its tmux server, or an agent. */
export interface Bound extends Bonds {
  readonly who: string;
  /** Milliseconds since 1970: since when it runs. */
  readonly since: number | null;
}

export const examineSandbox: Examine = ({ snapshot, layout }) => {
  const own = bondsOf('self');
  const tmux = snapshot?.tmux.known && snapshot.tmux.value.kind === 'running' ? snapshot.tmux.value : null;
  if (own === null || tmux === null) return judgeSandbox(null, [], layout.root);
  const mine = tmux.panes.filter(({ town, dead }) => town === snapshot?.town && dead === null);
  const asked = [
    ...(mine.length === 0 ? [] : [{ who: 'the tmux server', pid: tmux.pid, since: tmux.started }]),
    ...mine.map(({ agent, session, pid, created }) => ({ who: agent ?? session, pid, since: created })),
  ];
  const found = asked.flatMap(({ who, pid, since }) => {
    const bonds = bondsOf(String(pid));
    return bonds === null ? [] : [{ who, since: since * 1000, ...bonds }];
  });
  return judgeSandbox(own, found, layout.root);
};

/**
 * Agents must not inherit the sandbox of a tick's unit: with it `sudo`, and much that they build and run, fails without a
 * word. `own` is who asks: in a container everybody may be bound, and that is nobody's fault.
 */
export function judgeSandbox(own: Bonds | null, found: readonly Bound[], town: string): Examined {
  if (own === null || found.length === 0)
    return { name: 'sandbox', saw: 'no agent to look at', findings: [] };
  const bound = found.filter(
    ({ noNewPrivs, seccomp }) => (noNewPrivs && !own.noNewPrivs) || seccomp > own.seccomp,
  );
  return {
    name: 'sandbox',
    saw: `${counted(found.length, 'process', 'processes')} looked at`,
    findings: bound.map(({ who, since, noNewPrivs, seccomp }) => ({
      code: 'sandboxed',
      message: `${who} runs in a sandbox (${[noNewPrivs ? 'NoNewPrivs' : '', seccomp > 0 ? `Seccomp ${seccomp}` : ''].filter(Boolean).join(', ')}) that was meant for the tick: its tmux server was started from a restricted unit. It stays so until that server is started anew.`,
      since: momentOf(since),
      remedy: `gt status --town ${shellWord(town)}`,
    })),
  };
}

/** Null where the system does not tell, or the process is gone. */
function bondsOf(pid: string): Bonds | null {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    const value = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]);
    const [noNewPrivs, seccomp] = [value('NoNewPrivs'), value('Seccomp')];
    return Number.isNaN(noNewPrivs) && Number.isNaN(seccomp)
      ? null
      : { noNewPrivs: noNewPrivs === 1, seccomp: Number.isNaN(seccomp) ? 0 : seccomp };
  } catch {
    return null;
  }
}
