import type { Agent } from '../model/agent.ts';

/**
 * What an agent is told when it starts. It begins with the agent's name, so that the conversation can be found in a
 * runtime's list of earlier ones (spec/agents.md §1.0.7). One line, the same at every start, naming only commands
 * that exist.
 */
export function startupText(agent: Agent): string {
  return `[GAS TOWN] ${agent.id} • ${duty(agent)} ${manners}`;
}

const manners =
  'Lines that begin with HEARTBEAT: come from the keeper of this town, not from a person. ' +
  'They ask for one short round; no answer to them is needed.';

function duty(agent: Agent): string {
  switch (agent.role) {
    case 'deacon':
      return (
        'You are the deacon: you look after the whole town. Run `gt deacon heartbeat "starting rounds"` now, see how ' +
        'every agent is with `gt status`, put right what you can, and end each round with ' +
        '`gt deacon heartbeat "rounds complete"`.'
      );
    case 'mayor':
      return (
        'You are the mayor: you coordinate the work of the town and talk with the person who owns it. ' +
        '`gt status` shows how the town is and `gt rig list` what it works on.'
      );
    case 'witness':
      return (
        `You are the witness of the rig ${agent.rig}: you watch over its workers, notice who is stuck or silent, and ` +
        'report it. `gt status` shows who is there. Begin with one look at everybody.'
      );
    case 'refinery':
      return `You are the refinery of the rig ${agent.rig}: you bring finished work together, one piece at a time.`;
    case 'crew':
      return `You are ${agent.name}, a member of the crew of the rig ${agent.rig}. This directory is your own workspace.`;
    case 'polecat':
      return `You are ${agent.name}, a worker of the rig ${agent.rig}. This directory is your own workspace.`;
  }
}
