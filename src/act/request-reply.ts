import { draftWith } from '../model/message.ts';
import type { SettleAction } from './requests.ts';
import type { World } from './world.ts';

/**
 * Tells whoever sent a request that cannot be carried out what was wrong and what to send instead. Carries none of the
 * sender's words. A sentence when it could not be sent.
 */
export async function replyToRefused(
  { message, sender }: SettleAction,
  sentence: string,
  { store }: World,
): Promise<string | null> {
  const body = [
    sentence,
    '',
    'Nothing was done. To ask again, run as the agent it is for:',
    '  gt lifecycle request cycle      (or restart, or shutdown)',
    'or send a mail to deacon/ with the subject "LIFECYCLE: <agent> requesting <action>".',
  ].join('\n');
  const subject = `Your request ${message} was not carried out`;
  const sent = await store.mail.send(
    draftWith({ from: 'deacon/', to: sender, subject, body, type: 'reply', replyTo: message }),
  );
  return sent.known ? null : `The refusal could not be mailed to ${sender}: ${sent.reason}.`;
}
