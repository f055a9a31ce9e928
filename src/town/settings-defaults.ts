/**
 * What holds where the settings say nothing, in the form of the file (design: numbers). Nobody has chosen an agent yet,
 * so the default one keeps asking for permissions.
 */
export const defaultSettings = {
  type: 'town-settings',
  version: 1,
  default_agent: 'claude-ask',
  tick: {
    every: '1m',
    tiers: [
      { below: '5m', interval: '5m' },
      { below: '15m', interval: '10m' },
      { below: '45m', interval: '30m' },
      { interval: '60m' },
    ],
    stale: '5m',
    very_stale: '15m',
    poke: { idle: 'when-needed', strategy: 'geometric', base: '5m', cap: '30m', factor: 1.5, slot: '5m' },
    newborn: '5m',
    keep: [],
    budgets: { starts: 5, kills: 3, nudges: 20, pass: '45s' },
    child_timeout: '10s',
    socket: 'default',
    tmux_tmpdir: null,
    path: [],
  },
} as const;
