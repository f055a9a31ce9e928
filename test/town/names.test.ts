import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Agent } from '../../src/model/agent.ts';
import type { Rig } from '../../src/model/rig.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { polecatClash, rigsClash, rivalsOf, rivalsOfPolecat } from '../../src/town/name-clash.ts';
import { checkRigName, checkWorkerName } from '../../src/town/names.ts';
import { resolveIdentity } from '../../src/town/resolve.ts';
import { townFrom } from './town-from.ts';

// Thousands of towns on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Names made of the very words that make spellings collide; few enough that they meet. */
const words = (...parts: readonly string[]) =>
  fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 3 }).map((given) => given.join('-'));
const wish = fc.record({
  rig: fc.oneof(words('a', 'b'), words('a', 'b', 'gt', 'crew', 'polecat')),
  role: fc.constantFrom('rig', 'crew', 'polecat', 'polecat'),
  worker: fc.oneof(
    words('a', 'b', 'witness'),
    words('a', 'b', 'crew', 'polecat', 'witness', 'refinery', 'A', '_', ''),
  ),
});

/** Adds what is accepted, in the order of the wishes. */
const town = fc.array(wish, { maxLength: 40, size: 'max' }).map(townFrom);

describe('names', () => {
  it('gives every agent of any accepted town a session of its own', () => {
    fc.assert(
      fc.property(town, (rigs) => {
        const sessions = agentsOf(rigs).map(sessionOf);
        expect(new Set(sessions).size).toBe(sessions.length);
      }),
      { numRuns: 400 },
    );
  });

  it('lets every spelling of every agent of any accepted town lead back to that agent', () => {
    fc.assert(
      fc.property(town, (rigs) => {
        for (const agent of agentsOf(rigs)) {
          const dashed =
            'name' in agent ? `${agent.rig}-${agent.role}-${agent.name}` : agent.id.replace('/', '-');
          for (const spelling of [agent.id, `${agent.id}/`, ` ${agent.id}`, dashed, sessionOf(agent)]) {
            if (!leadsTo(agent, spelling, rigs)) expect.fail(`${spelling} does not lead to ${agent.id}`);
          }
          if (!('name' in agent)) continue;
          const rig = rigs.find((candidate) => candidate.name === agent.rig);
          const twin = rig?.crew.includes(agent.name) === true && rig.polecats.includes(agent.name);
          expect(resolveIdentity(`${agent.rig}/${agent.name}`, rigs).kind).toBe(twin ? 'ambiguous' : 'agent');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds every clash by looking up rivals, without comparing every two names', () => {
    const any = words('a', 'b', 'gt', 'crew', 'polecat', 'witness');
    fc.assert(
      fc.property(any, any, any, (one, other, polecat) => {
        if (one === other) return;
        if (rigsClash(one, other))
          expect(rivalsOf(one).includes(other) || rivalsOf(other).includes(one)).toBe(true);
        if (
          !rigsClash(one, other) &&
          checkWorkerName(polecat, one, 'polecat', []) === null &&
          polecatClash(one, polecat, other)
        ) {
          expect(rivalsOfPolecat(one, polecat)).toContain(other);
          expect(polecat).toContain('-');
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('names both when crew and polecat of one name are meant by rig/name', () => {
    const rigs = [{ name: 'proj', crew: ['max'], polecats: ['max'] }];
    expect(resolveIdentity('proj/max', rigs)).toEqual({
      kind: 'ambiguous',
      given: 'proj/max',
      candidates: ['proj/crew/max', 'proj/polecats/max'],
    });
    expect(resolveIdentity('proj/crew/max', rigs).kind).toBe('agent');
  });

  it('refuses whatever tmux would rewrite or could take for an option', () => {
    for (const bad of [
      'a.b',
      'a:b',
      'a b',
      'é',
      '-a',
      '',
      'a/b',
      'a\nb',
      'a\tb',
      '..',
      '$(id)',
      'x'.repeat(65),
      '😀',
    ]) {
      expect(checkRigName(bad, []), bad).not.toBeNull();
      expect(checkWorkerName(bad, 'proj', 'polecat', [rig('proj')]), bad).not.toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (checkRigName(text, []) === null) expect(text).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
      }),
    );
  });

  it('accepts ordinary names, with hyphens too, and rigs whose names begin alike', () => {
    const rigs = [rig('my-app'), rig('gastown', { polecats: ['Toast', 'nux-2'] })];
    for (const good of ['my', 'my-app-ui', 'gt', 'gastown-ui', 'my_app', 'a', '7', 'gt-tools']) {
      expect(checkRigName(good, rigs), good).toBeNull();
    }
  });

  it('keeps the names the town uses for itself', () => {
    for (const taken of ['mayor', 'deacon', 'daemon', 'settings', 'logs', 'Mayor', 'crew', 'estop']) {
      expect(checkRigName(taken, [])).toContain(taken);
    }
    for (const taken of ['witness', 'refinery', 'crew', 'polecats']) {
      expect(checkWorkerName(taken, 'proj', 'crew', [rig('proj')])).toContain(taken);
    }
  });

  it.each([
    [
      'a rig whose witness would have an existing polecat’s session',
      'a-b',
      [rig('a', { polecats: ['b-witness'] })],
    ],
    ['a rig that an existing one’s crew sessions begin with', 'a-crew', [rig('a')]],
    ['a rig that begins like another one’s sessions', 'gt-a', [rig('a')]],
    ['a rig that differs only in case', 'Proj', [rig('proj')]],
    ['a rig that exists', 'proj', [rig('proj')]],
  ])('refuses %s', (_, given, rigs) => {
    expect(checkRigName(given, rigs)).toMatch(/\.$/);
  });

  it('refuses a polecat that could be another rig’s agent, once there is such a rig', () => {
    expect(checkWorkerName('b-witness', 'a', 'polecat', [rig('a')])).toBeNull();
    expect(checkWorkerName('b-witness', 'a', 'polecat', [rig('a'), rig('a-b')])).toContain('a-b');
    expect(checkWorkerName('b-x', 'a', 'polecat', [rig('a'), rig('a-b')])).toContain('a-b');
    expect(checkWorkerName('x-witness', 'a', 'crew', [rig('a'), rig('a-b')])).toBeNull();
    expect(checkWorkerName('crew-max', 'a', 'polecat', [rig('a')])).toContain('max');
  });
});

function leadsTo(agent: Agent, spelling: string, rigs: readonly Rig[]): boolean {
  const found = resolveIdentity(spelling, rigs);
  return found.kind === 'agent' && found.agent.id === agent.id;
}

function rig(
  name: string,
  workers: { readonly crew?: readonly string[]; readonly polecats?: readonly string[] } = {},
): Rig {
  return { name, crew: workers.crew ?? [], polecats: workers.polecats ?? [] };
}
