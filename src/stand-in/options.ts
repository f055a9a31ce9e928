import { parseArgs } from 'node:util';
import type { Agent } from '../model/agent.ts';
import { rigAgent, townAgent, worker } from '../town/identity.ts';
import { keepaliveFileOf, layout } from '../town/layout.ts';

/** The sign of life a stand-in keeps: the deacon's heartbeat or another agent's keepalive file. */
export interface SignOfLife {
  readonly file: string;
  readonly shape: 'heartbeat' | 'keepalive';
}

export interface Options {
  readonly name: string;
  readonly sign: SignOfLife | null;
  /** How often the sign of life is refreshed, milliseconds. */
  readonly everyMs: number;
  /** One JSON document a line: what was submitted, and each key that is neither text nor Enter. */
  readonly log: string | null;
  /** Commands obeyed before anything is read. */
  readonly begin: readonly string[];
  /** The start-up text, when there was one. */
  readonly prompt: string | null;
  /** Runs the hooks of its settings; then they alone show that it lives. */
  readonly hooks: boolean;
  /** A file with the false clock (`GT_CLOCK`) of whatever it runs in a test town. */
  readonly clock: string | null;
}

/** What `--help` prints. */
export const usage = `Usage: stand-in [OPTION…] [TEXT…]

A stand-in for an agent: a composer in a tmux pane, a sign of life, bad habits on request. TEXT is what it starts with.

  --name NAME         what it is called in the process table [default: stand-in]
  --heartbeat FILE    keeps a deacon's sign of life here [default: as the environment says]
  --keepalive FILE    keeps any other agent's sign of life here
  --every MS          how often, in milliseconds [default: 60000]
  --log FILE          notes what is submitted, one JSON document a line
  --log-dir DIR       the same, in DIR/SESSION.log
  --begin COMMAND     obeys this before anything is read; may be repeated
  --hooks             runs the hooks of its settings as Claude Code does
  --clock FILE        the false clock of whatever it runs, in a test town
  --help              prints this

Example: stand-in --name claude --every 5000 "begin your rounds"
`;

/**
 * Reads the command line; what it does not say follows from the environment every agent is started with
 * (spec/agents.md §4.1), so that one entry in the settings serves all agents of a town.
 */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'stand-in' },
      heartbeat: { type: 'string' },
      keepalive: { type: 'string' },
      every: { type: 'string', default: '60000' },
      log: { type: 'string' },
      'log-dir': { type: 'string' },
      begin: { type: 'string', multiple: true, default: [] },
      hooks: { type: 'boolean', default: false },
      clock: { type: 'string' },
    },
  });
  const everyMs = Number(values.every);
  if (!(everyMs >= 1)) throw new TypeError(`--every takes milliseconds, not ${JSON.stringify(values.every)}`);
  const directory = values['log-dir'];
  return {
    name: values.name,
    sign: signOf(values.heartbeat, values.keepalive, env),
    everyMs,
    log: values.log ?? (directory === undefined ? null : `${directory}/${env.GT_SESSION ?? values.name}.log`),
    begin: values.begin,
    prompt: positionals.length === 0 ? null : positionals.join(' '),
    hooks: values.hooks,
    clock: values.clock ?? null,
  };
}

function signOf(
  heartbeat: string | undefined,
  keepalive: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): SignOfLife | null {
  if (heartbeat !== undefined) return { file: heartbeat, shape: 'heartbeat' };
  if (keepalive !== undefined) return { file: keepalive, shape: 'keepalive' };
  const root = env.GT_ROOT;
  const agent = agentOf(env);
  if (root === undefined || agent === null) return null;
  if (agent.role === 'deacon') return { file: layout(root).deaconHeartbeatFile, shape: 'heartbeat' };
  return { file: keepaliveFileOf(root, agent), shape: 'keepalive' };
}

function agentOf(env: Readonly<Record<string, string | undefined>>): Agent | null {
  const { GT_ROLE: role, GT_RIG: rig, GT_CREW: crew, GT_POLECAT: polecat } = env;
  if (role === 'mayor' || role === 'deacon') return townAgent(role);
  if (rig === undefined) return null;
  if (role === 'witness' || role === 'refinery') return rigAgent(rig, role);
  if (role === 'crew' && crew !== undefined) return worker(rig, 'crew', crew);
  if (role === 'polecat' && polecat !== undefined) return worker(rig, 'polecat', polecat);
  return null;
}
