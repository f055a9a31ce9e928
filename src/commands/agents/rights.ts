import { mayAsk } from '../../decide/requests.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { nameOf, ordererOf, personRuns } from '../operator/hold-rights.ts';

/**
 * Who may end a running agent is who may ask the keeper to: a person, the agent itself, mayor and deacon, a witness for the
 * polecats of its rig; nobody whose role names no agent of this town. Throws the failure (77) before anything is done. An
 * agent is known by its environment, which it can change: this keeps honest mistakes out.
 */
export function refuseEnding(agents: readonly Agent[], at: Layout, context: Context): void {
  const orderer = ordererOf(at, context);
  if (orderer.is === 'person') return;
  if (orderer.is === 'stranger')
    throw new Failure(
      'role-unknown',
      exitStatus.permission,
      `${nameOf(orderer, context)} may not end anybody. Nothing was done. A person orders without it.`,
      personRuns('gt status', { at, context }),
    );
  const caller = orderer.agent;
  const { rigs } = loadRigs(at);
  const spared = agents.find((agent) => !mayAsk(caller.id, agent, rigs.known ? rigs.value : []));
  if (spared === undefined) return;
  throw new Failure(
    'not-allowed',
    exitStatus.permission,
    `${caller.id} may not end ${spared.id}. An agent may end itself; others only the mayor, the deacon, and a witness its polecats. Nothing was done. To be replaced itself it runs: gt lifecycle request restart. For ${spared.id} it asks the deacon.`,
    `gt mail send deacon/ -s "HELP: ${spared.id}" -m "why it should end"`,
  );
}
