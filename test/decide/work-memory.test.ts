import { expect, it } from 'vitest';
import { rememberWork } from '../../src/decide/work-memory.ts';
import { known } from '../../src/model/fact.ts';
import { hours } from './given.ts';
import { hookedOn, toast, townAt } from './recovery.ts';

const now = { at: '2026-03-01T12:00:00.000Z', awake: hours(1) };

it('remembers all work that is on hooks, however much, and only so much that is not', () => {
  const hooked = known(Array.from({ length: 300 }, (_, index) => hookedOn(toast, { id: `gt-${index}` })));
  const scars = Array.from({ length: 300 }, (_, index) => ({
    work: `old-${index}`,
    agent: toast,
    seen: now,
    deaths: 1,
    parked: null,
  }));
  const all = rememberWork(scars, townAt(0, {}, { hooked }), now);
  expect(all.filter(({ work }) => work.startsWith('gt-'))).toHaveLength(300);
  expect(all.filter(({ work }) => work.startsWith('old-'))).toHaveLength(200);
});
