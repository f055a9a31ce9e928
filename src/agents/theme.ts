import type { Agent } from '../model/agent.ts';

/** Options of one session, by name. */
export type Theme = readonly (readonly [option: string, value: string])[];

const town = { mayor: '#3d3200/#ffd700', deacon: '#2d1f3d/#c0b0d0' } as const;

/** Background and foreground of a rig's sessions: ocean, forest, rust, plum, slate, ember, midnight, wine, teal, copper. */
const palette = [
  '#1e3a5f/#e0e0e0',
  '#2d5a3d/#e0e0e0',
  '#8b4513/#f5f5dc',
  '#4a3050/#e0e0e0',
  '#4a5568/#e0e0e0',
  '#b33a00/#f5f5dc',
  '#1a1a2e/#c0c0c0',
  '#722f37/#f5f5dc',
  '#0d5c63/#e0e0e0',
  '#6d4c41/#f5f5dc',
] as const;

const icons: Readonly<Record<Agent['role'], string>> = {
  mayor: '🎩',
  deacon: '🐺',
  witness: '🦉',
  refinery: '🏭',
  crew: '👷',
  polecat: '😺',
};

/**
 * How an agent's session looks: a colour for each rig, and who works in it (spec/agents.md §1.0.8). Options of that one
 * session; no program runs in its status line, and no key is bound.
 */
export function themeOf(agent: Agent): Theme {
  const colours = 'rig' in agent ? ofRig(agent.rig) : town[agent.role];
  const [background = '', foreground = ''] = colours.split('/');
  return [
    ['status-style', `bg=${background},fg=${foreground}`],
    ['status-left-length', '60'],
    ['status-left', `${icons[agent.role]} ${nameOf(agent)} `],
    ['status-right-length', '40'],
    ['status-right', '#{prefix} d leaves, the agent stays  %H:%M'],
  ];
}

function nameOf(agent: Agent): string {
  switch (agent.role) {
    case 'mayor':
      return 'Mayor';
    case 'deacon':
      return 'Deacon';
    case 'polecat':
      return `${agent.rig}/${agent.name}`;
    default:
      return agent.id;
  }
}

function ofRig(rig: string): string {
  return palette[fnv1a(rig) % palette.length] ?? palette[0];
}

/** FNV-1a, 32 bits, over the name's bytes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
