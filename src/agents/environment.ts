import type { Agent } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import type { Layout } from '../town/layout.ts';
import { runtimeOf } from './runtime.ts';

/** What an agent's process is given on top of what tmux itself sets, and what is taken from it. */
export interface AgentEnvironment {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/** What the operator's environment may hand on: who they are, their language, their way to the network. */
export const handedOn: ReadonlySet<string> = new Set([
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
]);

/**
 * Names that say who somebody is or that upset a nested runtime. A tmux server hands its own environment to every
 * pane, so these are removed even when our caller does not carry them. A fixed list, for the same command every time.
 */
const foreign = [
  'BD_ACTOR',
  'BD_IDENTITY',
  'BEADS_AGENT_NAME',
  'BEADS_DIR',
  'BEADS_NO_DAEMON',
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_SSE_PORT',
  'CLAUDE_SESSION_ID',
  'GEMINI_SESSION_ID',
  'PI_SESSION_ID',
  'OMP_SESSION_ID',
  'VIBE_SESSION_ID',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_WORK_TREE',
  'GT_ACCOUNT',
  'GT_AGENT',
  'GT_CLOCK',
  'GT_CREW',
  'GT_DEGRADED',
  'GT_FAULT',
  'GT_ISSUE',
  'GT_PANE_ID',
  'GT_POLECAT',
  'GT_PROCESS_NAMES',
  'GT_REFINERY',
  'GT_REFINERY_WORKER',
  'GT_RIG',
  'GT_ROLE',
  'GT_ROLE_HOME',
  'GT_ROOT',
  'GT_RUN',
  'GT_SESSION',
  'GT_SESSION_ID_ENV',
  'GT_TOWN_ROOT',
  'NODE_OPTIONS',
] as const;

/**
 * The environment an agent is started with: an allow-list of the operator's, then the agent's own identity, then
 * what its runtime asks for. Nothing of the identity of whoever runs the tick gets through
 * (spec/agents.md §4.1, spec/tick.md §3.3). `GT_RIG` is set for every agent of a rig.
 */
export function environmentOf({
  agent,
  layout,
  config,
  operatorEnv,
  session,
}: {
  readonly agent: Agent;
  readonly layout: Layout;
  readonly config: Config;
  readonly operatorEnv: Readonly<Record<string, string | undefined>>;
  readonly session: string;
}): AgentEnvironment {
  const runtime = runtimeOf(config, agent);
  const set = {
    ...operators(operatorEnv),
    PATH: searchPath(layout.binDir, operatorEnv.PATH, config.path),
    ...identity(agent),
    GT_ROOT: layout.root,
    GT_TOWN_ROOT: layout.root,
    GT_SESSION: session,
    GT_AGENT: runtime.name,
    ...runtime.env,
  };
  return { set, unset: foreign.filter((name) => !Object.hasOwn(set, name)) };
}

function operators(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(env).sort()) {
    const value = env[name];
    if (value !== undefined && (handedOn.has(name) || name.startsWith('LC_'))) kept[name] = value;
  }
  // Without any locale (cron, systemd) a terminal program draws no box and reads no accent.
  if (kept.LANG === undefined && kept.LC_ALL === undefined && kept.LC_CTYPE === undefined)
    kept.LANG = 'C.UTF-8';
  return kept;
}

/**
 * The town's own `gt` comes first: hooks run it, and cron's path rarely leads to one (spec/agents.md §8.6). Then what
 * the settings say, so that cron and a person's shell, whose path the settings record, give the same words.
 */
function searchPath(first: string, callers: string | undefined, added: readonly string[]): string {
  const own = (callers ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  return [...new Set([first, ...added, ...own])].filter((directory) => directory !== '').join(':');
}

/** Role words, not compound forms, and workers sign their commits with their bare name (spec/agents.md §1.0.4). */
function identity(agent: Agent): Record<string, string> {
  const common = { GT_ROLE: agent.role, BD_ACTOR: agent.id };
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return { ...common, GIT_AUTHOR_NAME: agent.id };
    case 'witness':
    case 'refinery':
      return { ...common, GT_RIG: agent.rig, GIT_AUTHOR_NAME: agent.id };
    case 'crew':
      return { ...common, GT_RIG: agent.rig, GT_CREW: agent.name, GIT_AUTHOR_NAME: agent.name };
    case 'polecat':
      return { ...common, GT_RIG: agent.rig, GT_POLECAT: agent.name, GIT_AUTHOR_NAME: agent.name };
  }
}
