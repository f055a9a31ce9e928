import { exitStatus, Failure } from '../exit.ts';

/**
 * Every place where a test may break a pass: name → what has just happened, or is about to.
 * Works only in a town that carries the test marker (design/anchors.md §7.2).
 */
export const faultPoints = {
  'lock.recorded': 'our owner record is on disk beside the lock, not yet the lock',
  'lock.taken': 'the free lock has become ours',
  'lock.judged-dead': 'the owner of the lock was found dead, no successor is elected yet',
  'lock.elected': 'we are the elected successor of a dead owner, not yet confirmed',
  'lock.confirmed': 'our succession holds, the lock still names the dead owner',
  'lock.replaced': 'the lock names us, the election record is still there',
  'json.before-write': 'nothing of the new version is on disk',
  'json.written': 'the new version is beside the old one, unverified',
  'json.before-backup': 'the new version is verified, the backup still the one before last',
  'json.before-rename': 'the old version is the backup too, and still in place',
  'json.after-rename': 'the new version is in place, its directory not yet synced',
  'pass.before-intent': 'the plan is made, nothing of it is on disk',
  'pass.intent-saved': 'the intent is on disk, nothing of it has been done',
  'pass.acted': 'everything was tried, the outcome is not on disk',
  'pass.outcome-saved': 'the outcome is on disk, the gate and the report still tell of the pass before',
  'pass.recorded': 'everything is on disk, nothing has been printed and the lock is still ours',
  'quarantine.before': 'a damaged file is about to be moved aside',
  'quarantine.after': 'a damaged file was moved aside, nothing stands in its place yet',
  'edit.locked': 'a command holds the lock on a shared file and has read nothing yet',
  'edit.before-unlock': 'a command has saved a shared file and still holds its lock',
  'act.before': 'a batch of starts or nudges is about to take effect',
  'act.before-kill': 'an agent is about to be ended on its own request, nothing was signalled',
  'act.killed': 'an agent was ended on its own request, nothing stands in its place yet',
  'act.typed': 'text of a nudge was typed and not submitted',
  'act.after': 'a batch of starts or nudges took effect, its outcome is not saved',
  'mail.opened-box': 'the mailbox is there, nothing of the message is on disk',
  'mail.delivered-tmp': 'the message is on disk, nobody can see it yet',
  'mail.delivered': 'the message is in the mailbox, its sender does not know yet',
  'mail.claimed': 'the message is claimed, its claimer does not know yet',
  'mail.released': 'the claimed message waits again, its claimer does not know yet',
  'mail.outcome-written': 'the outcome of a claimed message is on disk, the message still claimed',
  'mail.settled': 'the claimed message is settled, its claimer does not know yet',
  'mail.retired': 'a waiting message has left its mailbox, its outcome is not on disk yet',
  'work.created': 'the work is on disk, its creator does not know yet',
  'work.changed': 'the work has changed its state, the caller does not know yet',
} as const;

export type FaultPoint = keyof typeof faultPoints;

type FaultAction =
  | { readonly kind: 'kill' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'throw'; readonly code: string }
  | { readonly kind: 'delay'; readonly ms: number };

interface ArmedFault {
  readonly point: FaultPoint;
  hitsLeft: number;
  readonly action: FaultAction;
}

let armed: ArmedFault[] | null = null;

/**
 * Arms what `GT_FAULT` asks for: `point:n:action`, several separated by commas; the n-th hit of the point
 * does `kill`, `hang`, `throw:<ERRNO>` or `delay:<ms>`. Outside a test town nothing is ever armed.
 * A wrong `GT_FAULT` in a test town is a usage failure: a misspelt fault must not look like a passed test.
 */
export function armFaults(testTown: boolean, env: Readonly<Record<string, string | undefined>>): void {
  const text = testTown ? env.GT_FAULT : undefined;
  armed = text === undefined || text === '' ? null : text.split(',').map(parseFault);
}

/** A point where an armed fault may strike. Costs one comparison when nothing is armed. */
export function fault(point: FaultPoint): void {
  if (armed === null) return;
  for (const candidate of armed) {
    if (candidate.point !== point) continue;
    candidate.hitsLeft -= 1;
    if (candidate.hitsLeft === 0) strike(point, candidate.action);
  }
}

function parseFault(text: string): ArmedFault {
  const [name = '', count = '', kind = '', argument = ''] = text.trim().split(':');
  const hitsLeft = Number(count);
  if (!isFaultPoint(name) || !Number.isInteger(hitsLeft) || hitsLeft < 1) throw wrongFault(text);
  if (kind === 'kill' || kind === 'hang') return { point: name, hitsLeft, action: { kind } };
  if (kind === 'throw' && /^E[A-Z0-9]+$/.test(argument)) {
    return { point: name, hitsLeft, action: { kind, code: argument } };
  }
  if (kind === 'delay' && /^\d{1,6}$/.test(argument)) {
    return { point: name, hitsLeft, action: { kind, ms: Number(argument) } };
  }
  throw wrongFault(text);
}

function isFaultPoint(name: string): name is FaultPoint {
  return Object.hasOwn(faultPoints, name);
}

function wrongFault(text: string): Failure {
  return new Failure(
    'fault-invalid',
    exitStatus.usage,
    `GT_FAULT "${text}" is not <point>:<n>:<kill|hang|throw:ERRNO|delay:ms> with a known point.`,
  );
}

function strike(point: FaultPoint, action: FaultAction): void {
  switch (action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      sleep(Number.POSITIVE_INFINITY);
      return;
    case 'hang':
      sleep(Number.POSITIVE_INFINITY);
      return;
    case 'delay':
      sleep(action.ms);
      return;
    case 'throw':
      throw Object.assign(new Error(`${action.code}: injected at ${point}`), { code: action.code });
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
