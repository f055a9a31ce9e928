import { describe, expect, it } from 'vitest';
import { fnv1a, themeOf } from '../../src/agents/theme.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';

describe('how a session looks', () => {
  it('depends on the rig’s name alone, by upstream’s rule', () => {
    expect(['proj', 'gastown', 'beads'].map((rig) => fnv1a(rig) % 10)).toEqual([4, 8, 0]);
    const style = (rig: string) => Object.fromEntries(themeOf(rigAgent(rig, 'witness')))['status-style'];
    expect(style('proj')).toBe('bg=#4a5568,fg=#e0e0e0');
    expect(style('gastown')).toBe('bg=#0d5c63,fg=#e0e0e0');
    expect(Object.fromEntries(themeOf(worker('proj', 'crew', 'max')))['status-style']).toBe(style('proj'));
  });

  it('tells the town’s own agents apart', () => {
    const of = (role: 'mayor' | 'deacon') => Object.fromEntries(themeOf(townAgent(role)));
    expect(of('mayor')).toMatchObject({
      'status-style': 'bg=#3d3200,fg=#ffd700',
      'status-left': '🎩 Mayor ',
    });
    expect(of('deacon')).toMatchObject({
      'status-style': 'bg=#2d1f3d,fg=#c0b0d0',
      'status-left': '🐺 Deacon ',
    });
  });

  it('runs no program', () => {
    for (const agent of [townAgent('mayor'), rigAgent('proj', 'refinery'), worker('proj', 'polecat', 'nux')])
      for (const [, value] of themeOf(agent)) expect(value).not.toContain('#(');
  });
});
