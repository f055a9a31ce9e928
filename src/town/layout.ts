import type { Agent } from '../model/agent.ts';

/** Where everything of one town is on disk (spec/tick.md §2.1). Absolute paths; nothing here reads or writes. */
export interface Layout {
  readonly root: string;
  readonly townFile: string;
  readonly rigsFile: string;
  readonly settingsFile: string;
  readonly estopFile: string;
  readonly daemonDir: string;
  readonly stateFile: string;
  readonly dueFile: string;
  readonly runFile: string;
  readonly activityFile: string;
  readonly eventsFile: string;
  readonly holdsFile: string;
  readonly passesDir: string;
  readonly lockFile: string;
  readonly quarantineDir: string;
  /** Marks a town made for tests: only there do fault points and a false clock work. */
  readonly testMarker: string;
  /** What a Go daemon leaves where it runs (spec/tick.md §2.5, §10.3). */
  readonly goPidFile: string;
  readonly goLockFile: string;
  readonly shutdownLockFile: string;
  readonly deaconHeartbeatFile: string;
  /** First on every agent's PATH: holds the `gt` that started it. */
  readonly binDir: string;
}

export function layout(root: string): Layout {
  const daemonDir = `${root}/daemon`;
  return {
    root,
    townFile: `${root}/mayor/town.json`,
    rigsFile: `${root}/mayor/rigs.json`,
    settingsFile: `${root}/settings/config.json`,
    estopFile: `${root}/ESTOP`,
    daemonDir,
    stateFile: `${daemonDir}/state.json`,
    dueFile: `${daemonDir}/due.json`,
    runFile: `${daemonDir}/run.json`,
    activityFile: `${daemonDir}/activity.json`,
    eventsFile: `${daemonDir}/events.jsonl`,
    holdsFile: `${daemonDir}/holds.json`,
    passesDir: `${daemonDir}/passes`,
    lockFile: `${daemonDir}/tick.lock`,
    quarantineDir: `${daemonDir}/quarantine`,
    testMarker: `${daemonDir}/test-town`,
    goPidFile: `${daemonDir}/daemon.pid`,
    goLockFile: `${daemonDir}/daemon.lock`,
    shutdownLockFile: `${daemonDir}/shutdown.lock`,
    deaconHeartbeatFile: `${root}/deacon/heartbeat.json`,
    binDir: `${daemonDir}/bin`,
  };
}

/**
 * An agent's home: the directory that belongs to it, where its `state.json` and `.runtime/` are
 * (spec/tick.md §2.9, §3.2). The mayor's state file is the exception: see {@link stateFileOf}.
 */
export function homeOf(root: string, agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
      return root;
    case 'deacon':
      return `${root}/deacon`;
    case 'witness':
    case 'refinery':
      return `${root}/${agent.rig}/${agent.role}`;
    case 'crew':
      return `${root}/${agent.rig}/crew/${agent.name}`;
    case 'polecat':
      return `${root}/${agent.rig}/polecats/${agent.name}`;
  }
}

/**
 * The directories an agent may work in, best first; it starts in the first that exists
 * (spec/agents.md §1.1.4, §1.2; spec/tick.md §3.2).
 */
export function workDirsOf(root: string, agent: Agent): readonly string[] {
  const home = homeOf(root, agent);
  switch (agent.role) {
    case 'witness':
      return [`${home}/rig`, home, `${root}/${agent.rig}`];
    case 'refinery':
      return [`${home}/rig`, `${root}/${agent.rig}`];
    case 'mayor':
    case 'deacon':
    case 'crew':
    case 'polecat':
      return [home];
  }
}

/** The agent's free-form state file with its `requesting_*` flags (spec/tick.md §2.9). */
export function stateFileOf(root: string, agent: Agent): string {
  return agent.role === 'mayor' ? `${root}/mayor/state.json` : `${homeOf(root, agent)}/state.json`;
}

/** Where the agent's own commands and hooks stamp that it lives. */
export function keepaliveFileOf(root: string, agent: Agent): string {
  return `${homeOf(root, agent)}/.runtime/keepalive.json`;
}
