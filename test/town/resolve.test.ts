import { describe, expect, it } from 'vitest';
import { sessionOf, worker } from '../../src/town/identity.ts';
import { resolveIdentity } from '../../src/town/resolve.ts';

const rigs = [
  { name: 'gastown', crew: ['max', 'x-witness'], polecats: ['toast', 'Toast'] },
  { name: 'my-rig-name', crew: [], polecats: [] },
];

function idOf(given: string): string {
  const found = resolveIdentity(given, rigs);
  return found.kind === 'agent' ? found.agent.id : found.kind;
}

describe('resolving an identity (spec/tick.md §3.1)', () => {
  it.each([
    ['mayor', 'mayor'],
    ['mayor/', 'mayor'],
    ['gt-mayor', 'mayor'],
    ['deacon/', 'deacon'],
    ['gastown/witness', 'gastown/witness'],
    ['gastown-witness', 'gastown/witness'],
    ['gt-my-rig-name-witness', 'my-rig-name/witness'],
    ['my-rig-name-refinery', 'my-rig-name/refinery'],
    ['gastown/crew/max', 'gastown/crew/max'],
    ['gastown-crew-max', 'gastown/crew/max'],
    ['gastown/max', 'gastown/crew/max'],
    ['gastown-crew-x-witness', 'gastown/crew/x-witness'],
    ['gastown-polecat-toast', 'gastown/polecats/toast'],
    ['gastown/polecats/Toast', 'gastown/polecats/Toast'],
    ['gt-gastown-Toast', 'gastown/polecats/Toast'],
  ])('takes %s for %s', (given, id) => {
    expect(idOf(given)).toBe(id);
  });

  it.each([
    'polecat',
    'refinery',
    'gastown',
    '',
    '/',
    'gt-witness',
    'gastown/',
    'gastown/nobody',
    'mayor//',
    '__proto__',
  ])('knows nobody called %j', (given) => {
    expect(idOf(given)).toBe('unknown');
  });

  it('suggests who was probably meant', () => {
    expect(resolveIdentity('gastown/witnes', rigs)).toEqual({
      kind: 'unknown',
      given: 'gastown/witnes',
      nearest: 'gastown/witness',
    });
  });

  it('knows workers by their short names when it guesses', () => {
    const some = [{ name: 'proj', crew: ['max'], polecats: [] }];
    expect(resolveIdentity('proj/mxa', some)).toMatchObject({ nearest: 'proj/crew/max' });
  });

  it('spells sessions as upstream does (F70)', () => {
    expect(sessionOf(worker('gastown', 'crew', 'max'))).toBe('gt-gastown-crew-max');
    expect(sessionOf(worker('gastown', 'polecat', 'Toast'))).toBe('gt-gastown-Toast');
  });
});
