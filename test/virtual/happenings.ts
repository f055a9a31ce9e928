import { resetAgent } from '../../src/decide/reset.ts';
import type { AgentId } from '../../src/model/agent.ts';
import type { RequestAction } from '../../src/model/request.ts';
import { sessionOf } from '../../src/town/identity.ts';
import { end, launch, openPane, paneOf, removePane } from './panes.ts';
import { askFor, hook, setTimer, spawnMail } from './post.ts';
import {
  type Conduct,
  epoch,
  minute,
  minuteOf,
  nextId,
  type Pane,
  type Probe,
  type Process,
  type Trouble,
  type World,
  wallOf,
} from './world.ts';

/** One thing that happens to the town. `who`: an index into its agents; `lasts`: minutes. */
export type Happening = { readonly at: number; readonly who: number; readonly lasts: number } & (
  | { readonly is: 'dies'; readonly signal: string | null }
  | { readonly is: 'vanishes' | 'left a shell' | 'wrapped' | 'started by hand' | 'renamed' | 'taken name' }
  | { readonly is: 'silent' | 'hangs' | 'attached' | 'copy mode' | 'draft' }
  | { readonly is: 'face'; readonly face: Process['face'] }
  | { readonly is: 'program'; readonly program: Conduct['program'] }
  | {
      readonly is:
        | 'server gone'
        | 'socket lost'
        | 'reboot'
        | 'suspend'
        | 'pause'
        | 'work'
        | 'gate lost'
        | 'mail'
        | 'overloaded'
        | 'awaits';
    }
  | { readonly is: 'step'; readonly by: number }
  | { readonly is: 'broken'; readonly probe: Probe }
  | { readonly is: 'torn'; readonly copies: 1 | 2 }
  | { readonly is: 'crash' | 'slow'; readonly after: number; readonly order: number }
  | {
      readonly is: 'request';
      readonly action: RequestAction;
      readonly flagged: boolean;
      readonly by: 'itself' | 'overseer';
    }
  | { readonly is: 'timer' | 'hooked' | 'work closed' | 'spawned' }
  | { readonly is: 'hold'; readonly scope: 'agent' | 'rig' | 'town' }
  /** Between a pass's look and its act. */
  | {
      readonly is: 'meanwhile';
      readonly what: 'dies' | 'started by hand' | 'left a shell' | 'attached' | 'hold' | 'keeper' | 'tmux';
    }
);

/** Makes it happen, and notes when it is over. */
export function happen(world: World, thing: Happening): void {
  world.ledger.happened += 1;
  const agent = world.agents[thing.who % world.agents.length]?.id ?? 'deacon';
  const pane = paneOf(world, agent);
  const process = pane?.process ?? null;
  switch (thing.is) {
    case 'dies':
      if (pane === undefined || process === null) return;
      world.ledger.deaths += 1;
      end(world, pane, { status: thing.signal === null ? 1 : null, signal: thing.signal });
      break;
    case 'vanishes':
      if (pane !== undefined) removePane(world, pane);
      break;
    case 'left a shell':
      if (pane !== undefined) leaveShell(world, pane);
      break;
    case 'wrapped':
      wrap(world, pane);
      break;
    case 'started by hand':
      startByHand(world, agent);
      break;
    case 'renamed':
      if (pane !== undefined) pane.session = `${pane.session}-old`;
      break;
    case 'taken name':
      takeName(world, agent, thing.lasts);
      break;
    case 'silent':
      beSilent(world, agent, thing.lasts);
      break;
    case 'hangs':
      during(world, thing.lasts, process, (one, on) => {
        one.hung = on;
      });
      break;
    case 'attached':
      during(world, thing.lasts, pane ?? null, (one, on) => {
        one.attached += on ? 1 : -1;
      });
      break;
    case 'copy mode':
      during(world, thing.lasts, pane ?? null, (one, on) => {
        one.inMode = on;
        one.attached += on ? 1 : -1;
      });
      break;
    case 'draft':
      if (process?.composer !== 'empty') return;
      during(world, thing.lasts, process, (one, on) => {
        one.composer = on ? 'draft' : 'empty';
      });
      break;
    case 'face':
      during(world, thing.lasts, process, (one, on) => {
        one.face = on ? thing.face : 'prompt';
      });
      break;
    case 'program':
      during(world, thing.lasts, world.conduct.get(agent) ?? null, (one, on) => {
        one.program = on ? thing.program : 'well';
      });
      if (pane !== undefined && process !== null) end(world, pane);
      break;
    case 'server gone':
      world.server = null;
      break;
    case 'socket lost':
      loseSocket(world, thing.lasts);
      break;
    case 'reboot':
      reboot(world, thing.lasts * minute);
      break;
    case 'suspend':
      world.clock.elapsed += thing.lasts * minute;
      world.clock.suspended += thing.lasts * minute;
      world.clock.sleptInAll += thing.lasts * minute;
      break;
    case 'pause':
      during(world, thing.lasts, world, (one, on) => {
        one.paused += on ? 1 : -1;
      });
      break;
    case 'work':
      during(world, thing.lasts, world, (one, on) => {
        one.busy = on;
      });
      break;
    case 'overloaded':
      during(world, thing.lasts, world, (one, on) => {
        one.overloaded += on ? 1 : -1;
      });
      break;
    case 'awaits': {
      const conduct = world.conduct.get(agent);
      const since = wallOf(world);
      if (conduct !== undefined) conduct.awaits = { since, until: since + thing.lasts * minute };
      break;
    }
    case 'gate lost':
      world.disk.due = null;
      break;
    case 'mail':
      world.unread.set(agent, (world.unread.get(agent) ?? 0) + 1);
      later(world, thing.lasts, () => world.unread.delete(agent));
      break;
    case 'step':
      world.clock.stepped += thing.by;
      break;
    case 'broken':
      during(world, thing.lasts, world.broken, (one, on) => {
        one[thing.probe] += on ? 1 : -1;
      });
      break;
    case 'torn':
      world.disk.torn = thing.copies;
      break;
    case 'crash':
      trouble(world, { crash: thing.after, order: thing.order });
      break;
    case 'slow':
      trouble(world, { slow: thing.after, order: thing.order });
      break;
    case 'request':
      askFor(world, agent, thing.action, thing.flagged, thing.by);
      break;
    case 'timer':
      setTimer(world, agent, thing.lasts);
      break;
    case 'hooked':
      hook(world, agent);
      break;
    case 'work closed':
      world.work = world.work.filter((one) => one.agent !== agent);
      break;
    case 'spawned':
      spawnMail(world, agent);
      break;
    case 'hold':
      holdFor(world, agent, thing.scope, thing.lasts);
      break;
    case 'meanwhile':
      trouble(world, {
        meanwhile: [...world.next.meanwhile, () => meanwhile(world, agent, thing.what)],
      });
  }
}

/** Everything temporary is over, people have gone, what they left behind is away, and the work is done. */
export function calm(world: World): void {
  for (const { end: over } of world.endings.splice(0)) over();
  for (const pane of world.server?.panes ?? []) {
    pane.attached = 0;
    pane.inMode = false;
    if (pane.process !== null) pane.process.ends = null;
  }
  releaseWithheld(world);
  world.next = { ...world.next, crash: null, slow: null, meanwhile: [] };
}

/** Whoever ended a session by hand twice wanted the agent down, and says now that it is wanted again: `gt reset`. */
function releaseWithheld({ disk }: World): void {
  for (const [agent, { brake }] of Object.entries(disk.state?.agents ?? {}))
    if (disk.state !== null && brake?.withheld != null) disk.state = resetAgent(disk.state, agent);
}

export function endWhatIsOver(world: World): void {
  const now = minuteOf(world);
  for (let i = world.endings.length - 1; i >= 0; i -= 1) {
    const ending = world.endings[i];
    if (ending === undefined || ending.at > now) continue;
    world.endings.splice(i, 1);
    ending.end();
  }
}

function later(world: World, lasts: number, end: () => void): void {
  world.endings.push({ at: minuteOf(world) + lasts, end });
}

function during<T>(world: World, lasts: number, what: T | null, set: (what: T, on: boolean) => void): void {
  if (what === null) return;
  set(what, true);
  later(world, lasts, () => set(what, false));
}

function trouble(world: World, more: Partial<Trouble>): void {
  world.next = { ...world.next, ...more };
}

function leaveShell(world: World, pane: Pane): void {
  if (pane.process !== null) world.ledger.deaths += 1;
  pane.process = null;
  pane.dead = null;
  pane.runs = 'shell';
  pane.pid = nextId(world);
}

/** A person has started the agent anew, from a shell of theirs in its pane. */
function wrap(world: World, pane: Pane | undefined): void {
  if (pane?.process === null || pane === undefined) return;
  const { agent } = pane.process;
  pane.process = null;
  launch(world, pane, agent, true);
  if (pane.process !== null) pane.runs = 'wrapped';
}

/** A person ends what runs, if anything, and starts the agent in the same pane, or in a session as `gt` would make it. */
export function startByHand(world: World, agent: AgentId): void {
  const one = world.agents.find(({ id }) => id === agent);
  if (one === undefined || world.conduct.get(agent)?.program !== 'well') return;
  if (world.lost.length > 0) return;
  const pane = paneOf(world, agent);
  const session = sessionOf(one);
  if (pane === undefined && world.server?.panes.some((other) => other.session === session)) return;
  const where = pane ?? openPane(world, agent, session);
  where.process = null;
  launch(world, where, agent, true);
}

function takeName(world: World, agent: AgentId, lasts: number): void {
  const one = world.agents.find(({ id }) => id === agent);
  if (one === undefined || paneOf(world, agent) !== undefined) return;
  const session = sessionOf(one);
  if (world.server?.panes.some((pane) => pane.session === session)) return;
  const pane = openPane(world, agent, session);
  pane.town = '/towns/another';
  pane.pid = nextId(world);
  pane.runs = 'agent';
  later(world, lasts, () => removePane(world, pane));
}

function beSilent(world: World, agent: AgentId, lasts: number): void {
  during(world, lasts, world.conduct.get(agent) ?? null, (one, on) => {
    one.rhythm = on ? null : 3;
    one.answers = !on;
  });
}

function loseSocket(world: World, lasts: number): void {
  const { server } = world;
  if (server === null) return;
  world.server = null;
  world.lost.push(server);
  later(world, lasts, () => {
    const at = world.lost.indexOf(server);
    if (at < 0) return;
    world.lost.splice(at, 1);
    world.server ??= server;
  });
}

function reboot(world: World, off: number): void {
  const { clock } = world;
  clock.elapsed += off;
  clock.sleptInAll += off;
  clock.bootedAt = clock.elapsed - minute;
  clock.suspended = 0;
  clock.boot += 1;
  world.server = null;
  world.lost.splice(0);
  world.ledger.lastGate = null;
}

function holdFor(world: World, agent: AgentId, scope: 'agent' | 'rig' | 'town', lasts: number): void {
  const target = scope === 'town' ? '*' : scope === 'rig' ? (agent.split('/')[0] ?? agent) : agent;
  const kind = scope === 'town' ? 'estop' : scope === 'rig' ? 'parked' : 'hold';
  const hold = {
    target,
    kind,
    reason: 'because',
    by: 'overseer',
    since: new Date(epoch).toISOString(),
    until: null,
  } as const;
  world.holds = [...world.holds, hold];
  later(world, lasts, () => {
    world.holds = world.holds.filter((one) => one !== hold);
  });
}

function meanwhile(
  world: World,
  agent: AgentId,
  what: Extract<Happening, { is: 'meanwhile' }>['what'],
): void {
  const base = { at: minuteOf(world), who: world.agents.findIndex(({ id }) => id === agent), lasts: 3 };
  switch (what) {
    case 'dies':
      happen(world, { ...base, is: what, signal: 'KILL' });
      break;
    case 'hold':
      happen(world, { ...base, is: what, scope: 'agent' });
      break;
    case 'keeper':
    case 'tmux':
      happen(world, { ...base, lasts: 1, is: 'broken', probe: what });
      break;
    default:
      happen(world, { ...base, is: what });
  }
}

/** Somebody works here: the stamp of it is the wall clock's. */
export function stampActivity(world: World): void {
  if (world.busy) world.activity = wallOf(world);
}
