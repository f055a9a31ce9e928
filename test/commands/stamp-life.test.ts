import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampLife } from '../../src/commands/signs/stamp-life.ts';
import { treeOf } from '../rig/tree.ts';
import { bareTown } from './told.ts';

let town: string;
beforeEach(() => {
  town = bareTown();
  mkdirSync(join(town, 'proj/witness'), { recursive: true });
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const witness = { GT_ROLE: 'witness', GT_RIG: 'proj' };
const env = (more: Record<string, string>) => ({ GT_ROOT: town, ...more });
const keepalive = () => join(town, 'proj/witness/.runtime/keepalive.json');

describe('a hook’s sign of life', () => {
  it('is the calling agent’s own, and none of the town’s', () => {
    stampLife('mail check --inject', {
      env: env({ ...witness, GT_CLOCK: '{"wall":"2026-03-01T12:00:00Z"}' }),
      cwd: '/',
    });
    expect(JSON.parse(readFileSync(keepalive(), 'utf8'))).toEqual({
      last_command: 'gt mail check --inject',
      timestamp: '2026-03-01T12:00:00.000Z',
    });
    expect(statSync(keepalive()).mode & 0o777).toBe(0o600);
    expect(existsSync(join(town, 'daemon/activity.json'))).toBe(false);
  });

  it('says in whose pane it was left, where that is a pane (F85)', () => {
    stampLife('prime', {
      env: env({ ...witness, TMUX_PANE: '%12', TMUX: '/tmp/a,b/default,77,0' }),
      cwd: '/',
    });
    expect(JSON.parse(readFileSync(keepalive(), 'utf8'))).toMatchObject({ pane: '%12', tmux_server: 77 });
    for (const odd of [
      { TMUX_PANE: 'elsewhere', TMUX: '/t,77,0' },
      { TMUX_PANE: '%1' },
      { TMUX: '/t,77,0' },
    ]) {
      stampLife('prime', { env: env({ ...witness, ...odd }), cwd: '/' });
      expect(JSON.parse(readFileSync(keepalive(), 'utf8'))).not.toHaveProperty('pane');
    }
  });

  it.each([
    ['a person', {}],
    ['an agent that has no home here', { GT_ROLE: 'witness', GT_RIG: 'other' }],
    ['a name that leads elsewhere', { GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: '../../..' }],
    ['somebody outside of any town', { ...witness, GT_ROOT: '/nonexistent' }],
  ])('is not left for %s', (_, given) => {
    const before = treeOf(town);
    stampLife('costs record', { env: env(given), cwd: town });
    expect(treeOf(town)).toEqual(before);
  });

  it('is no reason for a hook to fail', () => {
    mkdirSync(join(keepalive(), 'in the way'), { recursive: true });
    expect(() => stampLife('prime', { env: env(witness), cwd: '/' })).not.toThrow();
  });
});
