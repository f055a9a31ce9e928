import type { Agent } from '../../model/agent.ts';
import type { Ensured } from './ensure.ts';
import type { Ended } from './stop.ts';

/** What people and agents read when agents are started and stopped; upstream's sentences (spec/agents.md §1.1–§1.6). */

export const zombieLine = '⚠ Detected zombie session (tmux alive, Claude dead). Recreating...';

export function startingLine(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `Starting ${titleOf(agent)} session...`;
    case 'witness':
    case 'refinery':
      return `Starting ${agent.role} for ${agent.rig}...`;
    case 'crew':
    case 'polecat':
      return `Starting session for ${shortOf(agent)}...`;
  }
}

export function startedLines(agent: Agent): readonly string[] {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return [`✓ ${titleOf(agent)} session started. Attach with: ${attachLine(agent)}`];
    case 'witness':
      return [
        `✓ Witness started for ${agent.rig}`,
        "  Use 'gt witness attach' to connect",
        "  Use 'gt witness status' to check progress",
      ];
    case 'refinery':
      return [`✓ Refinery started for ${agent.rig}`, "  Use 'gt refinery status' to check progress"];
    case 'crew':
    case 'polecat':
      return [`✓ Session started. Attach with: ${attachLine(agent)}`];
  }
}

export function runningLines(agent: Agent): readonly string[] {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return [`⚠ ${titleOf(agent)} session already running. Attach with: ${attachLine(agent)}`];
    case 'witness':
      return ['⚠ Witness session already running', "  Use 'gt witness attach' to connect"];
    case 'refinery':
      return ['⚠ Refinery is already running'];
    case 'crew':
    case 'polecat':
      return [`⚠ Session already running. Attach with: ${attachLine(agent)}`];
  }
}

/** Null where upstream speaks of an end and of a start instead. */
export function restartingLine(agent: Agent): string | null {
  switch (agent.role) {
    case 'mayor':
      return null;
    case 'deacon':
      return 'Restarting Deacon...';
    case 'witness':
    case 'refinery':
      return `Restarting ${agent.role} for ${agent.rig}...`;
    case 'crew':
    case 'polecat':
      return `Restarting session for ${shortOf(agent)}...`;
  }
}

export function restartedLines(agent: Agent): readonly string[] {
  switch (agent.role) {
    case 'mayor':
      return [startingLine(agent), ...startedLines(agent)];
    case 'deacon':
      return ['✓ Deacon restarted', "  Use 'gt deacon attach' to connect"];
    case 'witness':
    case 'refinery':
      return [`✓ ${titleOf(agent)} restarted for ${agent.rig}`, `  Use 'gt ${agent.role} attach' to connect`];
    case 'crew':
    case 'polecat':
      return [`✓ Session restarted. Attach with: ${attachLine(agent)}`];
  }
}

/** Before the end, where upstream says so. */
export function stoppingLine(agent: Agent): string | null {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `Stopping ${titleOf(agent)} session...`;
    case 'witness':
    case 'refinery':
      return null;
    case 'crew':
    case 'polecat':
      return `Stopping session for ${shortOf(agent)}...`;
  }
}

export function stoppedLine(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `✓ ${titleOf(agent)} session stopped.`;
    case 'witness':
    case 'refinery':
      return `✓ ${titleOf(agent)} stopped for ${agent.rig}`;
    case 'crew':
    case 'polecat':
      return '✓ Session stopped.';
  }
}

export function notRunningLine(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `⚠ ${titleOf(agent)} session is not running`;
    case 'witness':
    case 'refinery':
      return `⚠ ${titleOf(agent)} is not running`;
    case 'crew':
    case 'polecat':
      return `⚠ ${shortOf(agent)} is not running`;
  }
}

/** `Witness`, `Mayor` … */
export function titleOf({ role }: Agent): string {
  return role.slice(0, 1).toUpperCase() + role.slice(1);
}

/** The command that attaches a terminal. */
export function attachLine(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
    case 'deacon':
      return `gt ${agent.role} attach`;
    case 'witness':
    case 'refinery':
      return `gt ${agent.role} attach ${agent.rig}`;
    case 'crew':
      return `gt crew at ${agent.rig}/${agent.name}`;
    case 'polecat':
      return `gt session at ${agent.rig}/${agent.name}`;
  }
}

/** `proj/max`, as upstream writes workers. */
export function shortOf(agent: Agent): string {
  return 'name' in agent ? `${agent.rig}/${agent.name}` : agent.id;
}

/** One agent of the list that `--json` prints for starts and restarts. */
export function ensuredDocument({ agent, session, result, code, error, hint }: Ensured): object {
  return { agent: agent.id, session, result, code, error, hint };
}

/** The same for stops. */
export function endedDocument({ agent, session, result, code, error }: Ended): object {
  return { agent: agent.id, session, result, code, error };
}
