import { describe, expect, it } from 'vitest';
import { classify } from '../../src/tmux/errors.ts';

const table: readonly (readonly [string, string])[] = [
  ['no server running on /tmp/tmux-1000/default\n', 'no-server'],
  ['error connecting to /tmp/tmux-0/default (No such file or directory)\n', 'no-server'],
  ['error connecting to /tmp/tmux-0/default (Connection refused)\n', 'no-server'],
  ['error connecting to /tmp/tmux-0/default (Permission denied)\n', 'unknown'],
  ['error connecting to /tmp/tmux-0/default (Too many open files)\n', 'unknown'],
  ["can't find session: gt-deacon\n", 'no-session'],
  ["can't find pane: %41\n", 'no-session'],
  ["can't find window: x\n", 'no-session'],
  ['no such session: =x:\n', 'no-session'],
  ['no such window: x\n', 'no-session'],
  ['session not found\n', 'no-session'],
  ['no current target\n', 'no-session'],
  ['duplicate session: gt-deacon\n', 'duplicate'],
  ['server exited unexpectedly\n', 'server-exited'],
  ['lost server\n', 'server-exited'],
  ['', 'unknown'],
  ['protocol version mismatch (client 8, server 7)\n', 'unknown'],
  ['access not allowed\n', 'unknown'],
  ['tmux: no server running on /x? who knows\n', 'unknown'],
  ['no server running on /tmp/x\nSegmentation fault\n', 'unknown'],
  ["can't find pane: %1\nduplicate session: x\n", 'unknown'],
  ["can't find pane: %1\ncan't find pane: %2\n", 'no-session'],
];

describe('classify', () => {
  it.each(table)('reads %j as %s', (stderr, kind) => {
    expect(classify(stderr)).toBe(kind);
  });
});
