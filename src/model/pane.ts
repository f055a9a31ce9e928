import type { Fact } from './fact.ts';

/** A process below a pane's own process. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** One tmux pane, as a single `list-panes -a` shows it. */
export interface Pane {
  readonly session: string;
  readonly pane: string;
  readonly pid: number;
  readonly command: string;
  /** The whole window's size in cells, `columns` × `rows`. */
  readonly columns: number;
  readonly rows: number;
  readonly dead: PaneDeath | null;
  /** Clients attached to the session. */
  readonly attached: number;
  readonly inMode: boolean;
  /** Seconds since 1970 of the session's creation and of the window's last output. */
  readonly created: number;
  readonly activity: number;
  /** The session's `@gt_town`, `@gt_agent` and `@gt_pane`; null where we did not set them. */
  readonly town: string | null;
  readonly agent: string | null;
  readonly agentPane: string | null;
  /** Its process was started by a command line like ours, not opened as a shell: while it runs, it is what was started. */
  readonly launched: boolean;
  /** Descendants of the pane's process, deepest last; read only where the pane shows a shell. */
  readonly descendants: Fact<readonly Process[]> | null;
}

/** What tmux keeps of a process that ended in a pane with `remain-on-exit`. */
export interface PaneDeath {
  readonly status: number | null;
  readonly signal: string | null;
  /** Seconds since 1970; null where this tmux does not tell. */
  readonly at: number | null;
}

/** What answered at the town's socket. `absent` is a positive answer: no server runs there. */
export type Tmux =
  | { readonly kind: 'absent'; readonly socket: string }
  | {
      readonly kind: 'running';
      readonly socket: string;
      readonly pid: number;
      /** Seconds since 1970. */
      readonly started: number;
      readonly panes: readonly Pane[];
    };
