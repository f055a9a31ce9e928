import { type Fact, known, unknown } from '../model/fact.ts';
import type { Pane, PaneDeath, Tmux } from '../model/pane.ts';
import { explain, type Ran } from '../run.ts';
import type { TmuxClient } from './client.ts';
import { classify } from './errors.ts';

/** Fields that are numbers or ids: they cannot contain the bar between them. */
const plainFields = [
  'pane_id',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
  'pane_dead_time',
  'window_width',
  'window_height',
  'session_attached',
  'pane_in_mode',
  'session_created',
  'window_activity',
  // Every agent is started through `env -u …` (agents/command.ts); a shell that a person opened is not.
  'm:env -u *,#{pane_start_command}',
];

/** Fields that programs and people choose: any byte may be in them, so the frame word stands between them. */
const textFields = ['session_name', 'pane_current_command', '@gt_town', '@gt_agent', '@gt_pane'];

/**
 * Everything the server can tell, in one client: who it is, and every pane of every session.
 * Only the known wordings for "no server" mean absent; any other trouble is unknown.
 */
export async function listPanes(client: TmuxClient): Promise<Fact<Tmux>> {
  const frame = client.nonce();
  const server = `${frame}server|#{pid}|#{start_time}|#{socket_path}|${frame}`;
  const pane =
    [`${frame}pane`, ...plainFields.map(field), textFields.map(field).join(frame)].join('|') + frame;
  const ran = await client.call(['display-message', '-p', server, ';', 'list-panes', '-a', '-F', pane]);
  return readPanes(frame, ran, client.socketPath);
}

function field(name: string): string {
  return `#{${name}}`;
}

/** Reads what {@link listPanes} asked for. */
export function readPanes(frame: string, ran: Ran, socketPath: string): Fact<Tmux> {
  if (ran.failure !== null && ran.failure !== 'exit') return unknown(`tmux ${explain(ran)}`);
  const kind = ran.failure === null ? null : classify(ran.stderr);
  const server = readServer(frame, ran.stdout);
  if (server === null) {
    if (kind === 'no-server') return known({ kind: 'absent', socket: socketPath });
    return unknown(
      kind === null ? 'tmux answered without naming its server' : `tmux said: ${firstLine(ran.stderr)}`,
    );
  }
  // A server without any session has no panes to list and says so as an error.
  if (kind !== null && kind !== 'no-session') return unknown(`tmux said: ${firstLine(ran.stderr)}`);
  const rows: Pane[] = [];
  for (const record of ran.stdout.split(`${frame}pane|`).slice(1)) {
    const row = readRow(frame, record);
    if (row === null) return unknown('tmux described a pane in a way that cannot be read');
    rows.push(row);
  }
  return known({ kind: 'running', ...server, panes: countWatchers(rows) });
}

function readServer(frame: string, stdout: string) {
  const start = stdout.indexOf(`${frame}server|`);
  if (start < 0) return null;
  const match = /^(\d+)\|(\d+)\|([\s\S]*)$/.exec(
    stdout.slice(start + frame.length + 7).split(`|${frame}`, 1)[0] ?? '',
  );
  const [, pid, started, socket] = match ?? [];
  if (pid === undefined || socket === undefined) return null;
  return { pid: Number(pid), started: Number(started), socket };
}

function readRow(frame: string, record: string): Pane | null {
  const plain = record.split('|', plainFields.length);
  const [
    pane,
    pid,
    dead,
    status,
    signal,
    time,
    columns,
    rows,
    attached,
    inMode,
    created,
    activity,
    launched,
  ] = plain;
  const text = record.slice(plain.join('|').length + 1).split(frame);
  const [session, command, town, agent, agentPane] = text;
  if (text.length !== textFields.length + 1 || session === undefined || command === undefined) return null;
  if (pane === undefined || !/^%\d+$/.test(pane) || !/^\d+$/.test(activity ?? '')) return null;
  return {
    session,
    pane,
    pid: Number(pid),
    command,
    columns: Number(columns),
    rows: Number(rows),
    dead: dead === '1' ? readDeath(status, signal, time) : null,
    attached: Number(attached),
    inMode: Number(inMode) > 0,
    created: Number(created),
    activity: Number(activity),
    town: orNull(town),
    agent: orNull(agent),
    agentPane: orNull(agentPane),
    launched: launched === '1',
    descendants: null,
  };
}

function readDeath(
  status: string | undefined,
  signal: string | undefined,
  time: string | undefined,
): PaneDeath {
  return {
    status: status === undefined || status === '' ? null : Number(status),
    signal: orNull(signal),
    at: time === undefined || time === '' ? null : Number(time),
  };
}

/**
 * A pane shows up once per session that contains its window (session groups, linked windows). Each such row stays,
 * so that no session seems empty; but whoever watches a pane through one session watches it in all of them.
 */
function countWatchers(rows: readonly Pane[]): readonly Pane[] {
  const byPane = new Map<string, Map<string, Pane>>();
  for (const row of rows) {
    const sessions = byPane.get(row.pane) ?? new Map<string, Pane>();
    byPane.set(row.pane, sessions.set(row.session, row));
  }
  return [...byPane.values()].flatMap((sessions) => {
    const seen = [...sessions.values()];
    if (seen.length === 1) return seen;
    const attached = seen.reduce((sum, row) => sum + row.attached, 0);
    return seen.map((row) => ({ ...row, attached }));
  });
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
