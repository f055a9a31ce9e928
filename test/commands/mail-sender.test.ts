import { describe, expect, it } from 'vitest';
import { boxOfSender, senderOf } from '../../src/commands/mail/sender.ts';

const from = (env: Readonly<Record<string, string>>, dir = ''): string =>
  senderOf('/town', { env, cwd: `/town${dir}` });

describe('who sends', () => {
  it.each([
    [{ GT_ROLE: 'mayor' }, '', 'mayor/'],
    [{ GT_ROLE: 'deacon' }, '', 'deacon/'],
    [{ GT_ROLE: 'deacon/' }, '', 'deacon/'],
    [{ GT_ROLE: 'proj/crew/max' }, '/other/crew/joe', 'proj/crew/max'],
    [{ GT_ROLE: 'witness', GT_RIG: 'proj' }, '', 'proj/witness'],
    [{ GT_ROLE: 'witness' }, '/proj/witness/rig', 'proj/witness'],
    [{ GT_ROLE: 'refinery' }, '/proj/refinery/rig/src', 'proj/refinery'],
    [{ GT_ROLE: 'witness' }, '', 'overseer'],
    [{ GT_ROLE: 'polecat', GT_RIG: 'proj', GT_POLECAT: 'toast' }, '', 'proj/polecats/toast'],
    [{ GT_ROLE: 'polecat' }, '/proj/polecats/toast/src', 'proj/polecats/toast'],
    [{ GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max' }, '/proj/polecats/toast', 'proj/crew/max'],
    [{ GT_ROLE: 'my-rig-witness' }, '', 'my-rig/witness'],
    [{ GT_ROLE: 'proj-crew-max' }, '', 'proj/crew/max'],
    [{ GT_ROLE: 'proj-polecat-toast' }, '', 'proj/polecats/toast'],
    [{}, '/proj/crew/max/deep/down', 'proj/crew/max'],
    [{}, '/proj/polecats/toast', 'proj/polecats/toast'],
    [{}, '/proj/witness', 'proj/witness'],
    [{}, '/proj/refinery/rig', 'proj/refinery'],
    [{}, '/proj/crew', 'overseer'],
    [{}, '/deacon', 'overseer'],
    [{}, '', 'overseer'],
    [{ GT_ROLE: 'boot' }, '', 'overseer'],
    [{ GT_ROLE: '' }, '', 'overseer'],
  ])('with %j in the town’s %j is %s', (env, dir, sender) => {
    expect(from(env, dir)).toBe(sender);
  });

  it('outside the town is the overseer, whatever directories are called', () => {
    expect(senderOf('/town', { env: {}, cwd: '/home/crew/max' })).toBe('overseer');
    expect(senderOf('/town', { env: {}, cwd: '/townhall/crew/max' })).toBe('overseer');
  });

  it.each([
    ['mayor/', 'mayor'],
    ['proj/crew/max', 'proj/max'],
    ['proj/polecats/max', 'proj/max'],
    ['proj/witness', 'proj/witness'],
    ['overseer', 'overseer'],
  ])('%s reads the mailbox %s', (sender, mailbox) => {
    expect(boxOfSender(sender)).toBe(mailbox);
  });
});
