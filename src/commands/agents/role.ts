import type { RigRole, TownRole } from '../../model/agent.ts';
import type { Context } from '../context.ts';
import { agentOf, deskIn } from './desk.ts';

export interface RoleOptions {
  readonly town?: string | undefined;
  readonly role: TownRole | RigRole;
  /** A rig in any spelling; found from the current directory when missing. */
  readonly rig?: string | undefined;
  readonly json?: boolean | undefined;
}

export type RoleVerb = 'start' | 'stop' | 'restart' | 'status' | 'attach';

/** `gt witness|refinery|deacon|mayor start|stop|restart|status|attach` (spec/agents.md §1.1–§1.4). */
export async function roleCommand(verb: RoleVerb, options: RoleOptions, context: Context): Promise<number> {
  const { town, role, rig, json = false } = options;
  const desk = deskIn(town, context, verb === 'status');
  const agent = agentOf(role, rig, desk, verb);
  const doing = { command: `gt ${role} ${verb}`, json };
  switch (verb) {
    case 'start':
      return (await import('./start.ts')).startOne(agent, doing, desk);
    case 'restart':
      return (await import('./start.ts')).restartOne(agent, doing, desk);
    case 'stop':
      return (await import('./stop-one.ts')).stopOne(agent, doing, desk);
    case 'status':
      return (await import('./status.ts')).statusOf(agent, json, desk);
    case 'attach':
      return (await import('./attach.ts')).attachTo(agent, doing.command, desk);
  }
}
