import { describe, expect, it } from 'vitest';
import { agentsOf } from '../../src/town/identity.ts';
import { addressOf, mailboxOf, mailboxOfAgent } from '../../src/town/mailbox.ts';

describe('mailboxes', () => {
  it.each([
    ['mayor', 'mayor'],
    ['mayor/', 'mayor'],
    ['deacon/', 'deacon'],
    ['overseer', 'overseer'],
    ['proj/witness', 'proj/witness'],
    ['proj/witness/', 'proj/witness'],
    ['proj/crew/max', 'proj/max'],
    ['proj/polecats/max', 'proj/max'],
    ['proj/max', 'proj/max'],
    [' proj/max ', 'proj/max'],
  ])('%j means %s', (address, mailbox) => {
    expect(mailboxOf(address)).toBe(mailbox);
  });

  it.each(['', '/', 'proj/', '/max', 'proj//max', 'proj/crew/', 'proj/else/max', 'a/b/c/d', '../..'])(
    '%j means none',
    (address) => {
      expect([null, '../..']).toContain(mailboxOf(address));
    },
  );

  it('belong to every agent, each by its own address', () => {
    const agents = agentsOf([{ name: 'proj', crew: ['max'], polecats: ['max', 'toast'] }]);
    for (const agent of agents) expect(mailboxOf(addressOf(mailboxOfAgent(agent)))).toBe(mailboxOf(agent.id));
    expect(new Set(agents.map(mailboxOfAgent)).size).toBe(agents.length - 1);
  });
});
