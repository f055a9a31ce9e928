/** An agent's canonical identity in slash form without trailing slash: `deacon`, `proj/witness`, `proj/crew/max`. */
export type AgentId = string;

export type TownRole = 'mayor' | 'deacon';
export type RigRole = 'witness' | 'refinery';
export type WorkerRole = 'crew' | 'polecat';

/** Who an agent is. Everything else about it (session, directory, environment) follows from this and the town. */
export type Agent =
  | { readonly id: AgentId; readonly role: TownRole }
  | { readonly id: AgentId; readonly role: RigRole; readonly rig: string }
  | {
      readonly id: AgentId;
      readonly role: WorkerRole;
      readonly rig: string;
      readonly name: string;
    };
