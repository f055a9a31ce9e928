import { existsSync } from 'node:fs';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Fact } from '../../model/fact.ts';
import type { Rig } from '../../model/rig.ts';
import { readClock } from '../../observe/clock.ts';
import { armFaults } from '../../persist/fault.ts';
import { openStore } from '../../store/open.ts';
import type { Mail } from '../../store/port.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { senderHere } from '../mail/sender-here.ts';
import { ordererOf } from '../operator/hold-rights.ts';

/** What every command about lifecycle requests works with. */
export interface LifecycleDesk {
  readonly at: Layout;
  readonly rigs: Fact<readonly Rig[]>;
  readonly mail: Mail;
  /** The agent of this town that runs the command; null for a person and for a stranger. */
  readonly caller: Agent | null;
  /** Whoever runs the command, as mail names them. */
  readonly sender: string;
  /** Milliseconds since 1970; in a test town perhaps by a false clock. */
  readonly now: () => number;
}

export function lifecycleDesk(
  town: string | undefined,
  context: Context,
  { reading = false }: { readonly reading?: boolean } = {},
): LifecycleDesk {
  const { env, cwd } = context;
  const at = layout(findTown({ town, env, cwd, reading }));
  armFaults(existsSync(at.testMarker), env);
  const begun = performance.now();
  const { wall } = readClock({ env }, at);
  const now = () => wall + Math.round(performance.now() - begun);
  const orderer = ordererOf(at, context);
  const caller = orderer.is === 'agent' ? orderer.agent : null;
  return {
    at,
    rigs: loadRigs(at).rigs,
    mail: openStore(at.root, now, { env }).mail,
    caller,
    sender: caller?.id ?? senderHere(at.root, context),
    now,
  };
}

/** A number of seconds from the command line, in milliseconds; an empty or missing one is the fallback. */
export function secondsIn(given: string | undefined, fallback: number, command: string): number {
  if (given === undefined || given === '') return fallback * 1000;
  const seconds = /^\d{1,5}(?:\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!Number.isNaN(seconds)) return seconds * 1000;
  throw new Failure(
    'usage',
    exitStatus.usage,
    `--wait takes a number of seconds, not ${JSON.stringify(given)}.`,
    `gt ${command} --help`,
  );
}
