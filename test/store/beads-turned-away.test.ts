import { describe, expect, it } from 'vitest';
import type { Command, Ran } from '../../src/run.ts';
import { callBd } from '../../src/store/beads/program.ts';

const refused = '{\n  "error": "embeddeddolt: another process holds the exclusive lock on /x"\n}\n';

/** Whom a real store lets in when is luck, hence one that says so. `letIn`: at which try; `timesOut`: that one takes too long. */
async function calls({ letIn, timesOut = false }: { letIn: number; timesOut?: boolean }) {
  const given: number[] = [];
  const run = async ({ timeoutMs = 0 }: Command): Promise<Ran> => {
    given.push(timeoutMs);
    const ran = { exit: 0, signal: null, stdout: '[]', stderr: '', failure: null, ms: 0 } as const;
    if (given.length < letIn) return { ...ran, ok: false, exit: 1, failure: 'exit', stderr: refused };
    return timesOut ? { ...ran, ok: false, exit: null, failure: 'timeout' } : { ...ran, ok: true };
  };
  const ran = await callBd({ run, env: {}, timeoutMs: 600 }, { store: '/t/.beads', args: ['close', 'x'] });
  return { ran, given };
}

describe('a bd that is turned away', () => {
  it('is run again, and what it says when it was let in is the answer', async () => {
    expect((await calls({ letIn: 2 })).ran.ok).toBe(true);
    expect((await calls({ letIn: 2, timesOut: true })).ran.failure).toBe('timeout');
  });

  it('is never run with less than half of the time: a change that was begun can end', async () => {
    const { ran, given } = await calls({ letIn: Number.POSITIVE_INFINITY });
    expect(ran.stderr).toBe(refused);
    expect(given.length).toBeGreaterThan(1);
    for (const ms of given) expect(ms).toBeGreaterThanOrEqual(300);
  });
});
