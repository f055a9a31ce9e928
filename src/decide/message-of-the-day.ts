/** What every heartbeat nudge starts with: agents' prompts know it (spec/tick.md §4.2.2). */
const heartbeatPrefix = 'HEARTBEAT: ';

/**
 * One of these goes with each heartbeat. Plain words only: should a shell ever read one, it has nothing to execute.
 */
export const messages: readonly string[] = [
  'time for a round. Look, decide, note it down.',
  'good morning, or whatever the hour is. How does your corner of the town look?',
  'nobody has heard from you for a while. A short round will do.',
  'read your mail first, then look after those who depend on you.',
  'small problems are cheap today and dear tomorrow. Please have a look.',
  'a worker that is silent may be thinking. One that is silent twice deserves a question.',
  'finished work that nobody handed in is not finished. Anything lying around?',
  'you are the eyes of this place. What do you see?',
  'if you are blocked, say so by mail. If not, carry on with your round.',
  'check what is on your hook before you take anything new.',
  'quiet is fine, lost is not. Let us know that you are there.',
  'one look at everybody, one note for the next of your kind, and rest again.',
];

/** The next message: varies with the time of the pass and never repeats the last one at once. */
export function nextMessage(
  wall: number,
  last: number | null,
): { readonly index: number; readonly text: string } {
  const drawn = Math.floor(wall / 1000) % messages.length;
  const index = drawn === last ? (drawn + 1) % messages.length : drawn;
  return { index, text: `${heartbeatPrefix}${messages[index] ?? ''}` };
}
