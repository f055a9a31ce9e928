import type { Evidence } from '../model/plan.ts';
import { clockText } from './time.ts';

/** The slugs of the rules, in words. A slug without words is shown as it is. */
const words: Readonly<Record<string, string>> = {
  'session-absent': 'its session is gone',
  'pane-dead': 'its process ended',
  'bare-shell': 'only a shell is left in its pane',
  'heartbeat-stale': 'it has been silent',
  'heartbeat-very-stale': 'it has been silent for long',
  stranded: 'an earlier message still stands in its composer',
  fresh: 'it showed itself recently',
  newborn: 'it was started a moment ago',
  backoff: 'it was woken recently and may take its time',
  slot: 'a message to it is still pending',
  budget: 'this pass has done enough',
  'nothing-waits': 'nobody works here and nothing waits',
  'first-sighting': 'seen for the first time; a second look comes first',
  attached: 'somebody is attached to its session',
  careful: 'the state was recovered; this pass is careful',
  held: 'held',
  parked: 'its rig is parked',
  estop: 'the whole town is stopped',
  shutdown: 'the town is being shut down',
  'holds-unknown': 'the holds cannot be read',
  'program-missing': 'its program is not installed',
  'signs-unknown': 'its signs of life cannot be read',
  unknown: 'its state cannot be told',
  draft: "somebody's unsent text stands in its composer",
  dialog: 'a dialog waits for an answer in its pane',
  'copy-mode': 'somebody reads its scrollback',
  busy: 'it is at work',
  limit: 'it has reached its usage limit',
  login: 'it asks for a login',
  unreadable: 'its screen cannot be read',
  locked: 'somebody else is typing to it',
  changed: 'its pane changed meanwhile',
  time: 'there was no time left for it',
  foreign: 'its session belongs to somebody else',
  spawned: 'it has just been started',
  'spawn-waiting': 'it has been announced and is not ready yet',
  'limited-over': 'its usage limit should be over',
  'blocked-login-over': 'it asked for a login a while ago',
  finished: 'it says that it has finished',
  'gupp-violation': 'it is stuck with work on its hook',
  stuck: 'it is stuck, and its witness could not help',
  silent: 'it answers nothing',
  'start-failed': 'it cannot be started',
  'restart-failed': 'it could not be started again as it had asked',
  'hooks-match-nobody': 'no hooked work belongs to anybody here',
  'agents-unseen': 'it cannot be told whether it lives',
  'signs-unreadable': 'its signs of life cannot be read',
  brake: 'it was started a short while ago and waits before the next start',
  'breaker-open': 'it died too often; it is tried again later',
  'ended-by-hand': 'its session was ended by hand twice, so it is left alone',
  limited: 'it has reached its usage limit',
  'blocked-login': 'it asks for a login',
  misprimed: 'it runs and has never reported as itself',
  spared: 'its screen spoke against ending it a short while ago',
  awaiting: 'it has said that it waits until then',
  context: 'its context is full',
  'blocked-context': 'its context is full',
  'context-full': 'its context is full',
  'context-look': 'its context was full a while ago: its screen is looked at, nothing is typed',
  'blocked-dialog': 'a dialog waits for an answer in its pane',
  thawing: 'many went at once; they come back a few at a time',
  spawning: 'it is being spawned',
  'work-parked': 'too many died over its work, which is set aside',
  'put-off': 'messages to it had to be put off, so it is left running',
  'work-over': 'its work is done or no longer its own',
  'work-unknown': 'what is on its hook cannot be read',
  ceiling: 'the night’s limit is reached',
  overloaded: 'it waits until the machine is less busy',
  'work-stale': 'work waits on its hook and it shows no life',
  gupp: 'work has waited on its hook for long and it shows no life',
  'crashed-polecat': 'it died with work on its hook',
  'crash-loop': 'it dies again and again',
  'mass-death': 'many went at once',
  'town-unseen': 'the town cannot be seen',
  'stores-silent': 'the store of a rig does not answer',
  'orphaned-work': 'work is held by nobody who could do it',
  timer: 'its timer has run out',
  superseded: 'a newer request took its place',
  'requested-cycle': 'a successor was asked for',
  'requested-restart': 'a restart was asked for',
  'requested-shutdown': 'its end was asked for',
  'too-old': 'the request was too old',
  'from-the-future': 'it is dated in the future',
  'not-confirmed': 'nobody confirmed the request',
  'flag-missing': 'its request waits until its state.json confirms it',
  'flag-unknown': 'its request waits until its state.json can be read',
  interrupted: 'the keeper was interrupted at its request',
  replaced: 'its process was replaced after it had asked',
  unsure: 'it cannot be told whether the request was carried out',
  asked: 'somebody asked for it',
  undated: 'it carries no readable date',
  unparseable: 'the request does not say what to do',
  contradiction: 'the request says two things at once',
  'unknown-action': 'the request asks for something unheard of',
  'unknown-agent': 'the request names nobody of this town',
  'ambiguous-agent': 'the request may mean one of two',
  'not-allowed': 'the request is not for whoever made it to make',
  'foreign-session': 'it names a session that is not its own',
};

/** A rule's slug in words. */
export function reasonText(why: string): string {
  return words[why] ?? why;
}

/** The facts a rule went by, as `name value` pairs; those that are not known are left out. */
export function evidenceText(evidence: Evidence, now: Date): string {
  return Object.entries(evidence)
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')} ${name === 'target' && value === '*' ? 'the whole town' : isTime(value) ? clockText(new Date(value), now) : value}`,
    )
    .join(', ');
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
}
