import type { Condition, Observed } from '../model/condition.ts';
import type { TickConfig } from '../model/config.ts';
import { counted } from '../model/counted.ts';
import type { Snapshot, Warning } from '../model/snapshot.ts';
import { agentConditions } from './agent-conditions.ts';
import type { Incident } from './deaths.ts';
import { human } from './notice-words.ts';
import { isOrphanIn, type Orphan, orphaned } from './orphans.ts';
import type { View } from './rule.ts';

/** Everything a pass found out, from which conditions follow. */
export interface Findings {
  readonly snapshot: Snapshot;
  readonly views: readonly View[];
  readonly incident: Incident | null;
  readonly orphans: readonly Orphan[];
  /** Hooked work whose holders are all unknown here. */
  readonly unmatched: number;
  readonly warnings: readonly Warning[];
  readonly troubled: boolean;
  readonly ledger: readonly Condition[];
  readonly tick: TickConfig;
}

/** What is wrong in the town as this pass sees it. A healthy town has none of it. */
export function observedIn(findings: Findings): readonly Observed[] {
  const unseen = townUnseen(findings.snapshot);
  return [
    ...(unseen === null ? [] : [unseen]),
    ...silentStores(findings.snapshot),
    ...massDeath(findings),
    ...findings.views.flatMap((view) => agentConditions(view, findings.tick)),
    ...limits(findings.views),
    ...parkedWork(findings.views, findings.snapshot),
    ...orphaned(newOrphans(findings), findings.snapshot),
    ...unmatched(findings.unmatched),
    ...fromWarnings(findings),
    ...unseenParts(findings),
  ];
}

/** While many are being started again their work is no orphan; what was one before stays one. */
function newOrphans({ orphans, incident, ledger }: Findings): readonly Orphan[] {
  const recovering =
    incident !== null || ledger.some(({ key, over }) => key === 'mass-death' && over === null);
  if (!recovering) return orphans;
  return orphans.filter(({ work }) => ledger.some((one) => isOrphanIn(one, work.id)));
}

/** One condition for all that keeps a pass from seeing or acting, however many probes fail (F12, F13, F23). */
export function townUnseen({ obstacles, tmux, rigs, holds, hooked }: Snapshot): Observed | null {
  const reasons = [
    ...obstacles.map(({ message }) => message),
    ...(tmux.known || obstacles.length > 0 ? [] : [`tmux cannot be asked: ${tmux.reason}.`]),
    ...(rigs.known ? [] : [`The rigs cannot be read: ${rigs.reason}.`]),
    ...(holds.known ? [] : [`The holds cannot be read: ${holds.reason}.`]),
    ...(hooked.known ? [] : [`The store does not answer: ${hooked.reason}.`]),
  ];
  if (reasons.length === 0) return null;
  return {
    key: 'town-unseen',
    code: 'town-unseen',
    agent: null,
    to: 'overseer',
    subject: 'ALERT: the keeper cannot see or act on all of the town',
    text: reasons.join(' '),
    details: {},
    hint: 'What cannot be seen is left alone. Look at it with: gt status',
  };
}

/** One condition for all rigs whose own stores are silent, apart from the town's (F64). */
function silentStores({ silentRigs = [] }: Snapshot): readonly Observed[] {
  if (silentRigs.length === 0) return [];
  const rigs = silentRigs.slice(0, 8).join(', ');
  return [
    human('stores-silent', 'stores-silent', null, {
      subject: 'ALERT: the store of a rig does not answer',
      text: `What work there is cannot be told for: ${rigs}${silentRigs.length > 8 ? ' …' : ''}. Whoever may have some of it is left alone.`,
      details: { rigs: silentRigs.length },
      hint: 'See: gt status',
    }),
  ];
}

const causes: Readonly<Record<Incident['cause'], string>> = {
  reboot: 'the machine was started anew',
  'server-gone': 'their tmux server is gone',
  suspend: 'the machine had been asleep or nobody had looked for long',
  killed: 'they all ended alike',
  unknown: 'no common cause was found',
};

/** Stays observed until everybody who should run runs again (F34). */
function massDeath({ incident, ledger, troubled, tick }: Findings): readonly Observed[] {
  const before = ledger.find(({ key, over }) => key === 'mass-death' && over === null);
  if (incident === null) return before !== undefined && troubled ? [before] : [];
  if (before !== undefined) return [before];
  const { cause, agents, detail } = incident;
  const shown = agents.slice(0, 8).join(', ');
  const count = counted(agents.length, 'agent is', 'agents are');
  return [
    human('mass-death', 'mass-death', null, {
      subject: `ALERT: ${counted(agents.length, 'agent')} died at once`,
      text: `${count} gone at once, and ${causes[cause]}: ${shown}${agents.length > 8 ? ' …' : ''}.`,
      details: { cause, ends: detail, agents: agents.length },
      hint: `They are started again in role order, at most ${tick.budgets.starts} a pass; none of these deaths counts as a crash. See: gt log`,
    }),
  ];
}

/** One for all who are limited: limits mostly befall a whole account. */
function limits(views: readonly View[]): readonly Observed[] {
  const limited = views.filter(({ memory }) => memory.blocked?.kind === 'limit');
  if (limited.length === 0) return [];
  const until = limited.reduce<string | null>((latest, { memory }) => {
    const end = memory.blocked?.until ?? null;
    return end !== null && (latest === null || end > latest) ? end : latest;
  }, null);
  const who = limited.map(({ agent }) => agent.id).slice(0, 8);
  const screen = limited[0]?.memory.blocked?.detail ?? '';
  return [
    human('limited', 'limited', null, {
      subject: `ALERT: usage limit reached by ${counted(limited.length, 'agent')}`,
      text: `The screens of ${who.join(', ')}${limited.length > 8 ? ' …' : ''} show a usage limit; they are left alone until it can have ended.`,
      details: { until, screen },
      hint: 'They are woken one by one after that. See: gt status',
    }),
  ];
}

/** Parked work stays a condition while it lies on a hook. */
function parkedWork(views: readonly View[], { hooked }: Snapshot): readonly Observed[] {
  if (!hooked.known) return [];
  return views.flatMap(({ agent, work, workMemory }) => {
    if (work === null || workMemory?.parked == null) return [];
    const { deaths, parked } = workMemory;
    return [
      human(`work-parked:${work.id}`, 'work-parked', agent.id, {
        subject: `ALERT: work ${work.id} is parked`,
        text: `${deaths} polecats died over ${work.id}; nobody is started for it since ${parked}.`,
        details: { hook_bead: work.id, last_holder: agent.id, deaths },
        hint: `Look at why, then let it go on with: gt reset ${agent.id}`,
      }),
    ];
  });
}

function unmatched(count: number): readonly Observed[] {
  if (count === 0) return [];
  return [
    human('hooks-match-nobody', 'hooks-match-nobody', null, {
      subject: 'ALERT: no hooked work belongs to an agent of this town',
      text: `${counted(count, 'piece of work is', 'pieces of work are')} on hooks, and no holder of any is an agent this town knows: no rule about work can see them.`,
      details: { work: count },
      hint: 'Compare the names with: gt status',
    }),
  ];
}

const told = ['program-missing', 'session-foreign', 'budget-reached', 'ceiling', 'overloaded'];

/** Warnings that stand for a condition: one for each kind, however many agents it concerns. */
function fromWarnings({ warnings, ledger, incident }: Findings): readonly Observed[] {
  const recovering =
    incident !== null || ledger.some(({ key, over }) => key === 'mass-death' && over === null);
  return told.flatMap((code) => {
    const alike = warnings.filter((warning) => warning.code === code);
    const [first] = alike;
    if (first === undefined || (code === 'budget-reached' && recovering)) return [];
    const more = alike.length === 1 ? '' : ` ${alike.length - 1} more like this.`;
    return [
      human(code, code, null, {
        subject: `ALERT: ${subjects[code] ?? code}`,
        text: `${first.message}${more}`,
        details: {},
        hint: 'See: gt status',
      }),
    ];
  });
}

const subjects: Readonly<Record<string, string>> = {
  'program-missing': 'a program that agents need is missing',
  'session-foreign': 'a session stands where an agent should',
  'budget-reached': 'a pass had more to do than it may',
  ceiling: 'the ceiling for this night is reached',
  overloaded: 'the machine is overloaded, and agents wait for that to end',
};

/** What single agents or files hide: told only if it lasts. */
function unseenParts({ views, snapshot }: Findings): readonly Observed[] {
  const hidden = snapshot.tmux.known
    ? views.filter(({ liveness, wanted }) => wanted && liveness.is === 'unknown')
    : [];
  const torn = views.filter(({ signs }) => signs !== undefined && !signs.stamp.known);
  const list = (some: readonly View[]) =>
    some
      .map(({ agent }) => agent.id)
      .slice(0, 8)
      .join(', ');
  return [
    ...(hidden.length === 0
      ? []
      : [
          human('agents-unseen', 'agents-unseen', null, {
            subject: 'ALERT: it cannot be told whether some agents live',
            text: `It cannot be told whether these live, so nothing is done to them: ${list(hidden)}.`,
            details: {},
            hint: 'See: gt status',
          }),
        ]),
    ...(torn.length === 0
      ? []
      : [
          human('signs-unreadable', 'signs-unreadable', null, {
            subject: 'ALERT: signs of life cannot be read',
            text: `The files by which these agents show life cannot be read, so they are not woken: ${list(torn)}.`,
            details: {},
            hint: 'See: gt status',
          }),
        ]),
  ];
}
