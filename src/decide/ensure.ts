import { recreate, start } from '../model/action.ts';
import type { Rule } from './rule.ts';

/**
 * An agent of the town itself that should run and has no session is started; one whose process ended in its pane is started again
 * in that pane. One sighting is enough: both are facts, not guesses (design: zombie).
 */
export const ensureRule: Rule = ({ agent, session, wanted, asked, liveness, program, memory }) => {
  if (!wanted || (agent.role === 'polecat' && !asked) || (liveness.is !== 'absent' && liveness.is !== 'dead'))
    return null;
  if (program === undefined || program.found === null) {
    const name = program?.program ?? 'its program';
    return {
      note: { agent: agent.id, rule: 'ensure', why: 'program-missing', evidence: { program: name } },
      warning: {
        code: 'program-missing',
        message: `${agent.id} cannot be started: ${name} is not on the search path. Put it there, or name its directory in settings/config.json under tick.path.`,
      },
    };
  }
  const since = memory.troubleSince;
  const evidence = { runtime: program.runtime, program: program.found, since };
  const whom = { agent, session };
  if (liveness.is === 'absent') return { action: start(whom, 'session-absent', evidence) };
  const { status, signal } = liveness;
  return { action: recreate(whom, liveness, 'pane-dead', { ...evidence, status, signal }) };
};
