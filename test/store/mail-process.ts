import { appendFileSync, existsSync, writeSync } from 'node:fs';
import { draftWith } from '../../src/model/message.ts';
import { armFaults } from '../../src/persist/fault.ts';
import { openBeads } from '../../src/store/beads/open.ts';
import { openFiles } from '../../src/store/files/open.ts';

/**
 * A process that uses a town's mail as senders and the tick do, to be killed at any moment.
 * `send ROOT COUNT`: prints the id of every message the store says it delivered.
 * `process ROOT EFFECTS STOP`: claims, performs (one line in EFFECTS) and settles what waits for the deacon, until STOP exists
 * and nothing waits; a claim whose owner is dead is settled without performing it.
 * `settle ROOT ID`, `release ROOT ID`: end a waiting message; claim one and put it back.
 */
const [mode = '', root = '', ...rest] = process.argv.slice(2);
armFaults(true, process.env);
const store =
  process.env.GT_TEST_STORE === 'beads'
    ? openBeads(root, { now: Date.now, env: process.env })
    : openFiles(root, { now: Date.now });

async function send(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const sent = await store.mail.send(
      draftWith({
        from: 'proj/crew/max',
        to: 'deacon',
        subject: 'LIFECYCLE: proj/crew/max requesting cycle',
        body: `request ${process.pid}-${n} ${'x'.repeat(Math.floor(Math.random() * 3000))}`,
      }),
    );
    if (!sent.known) throw new Error(sent.reason);
    for (const { id } of sent.value) writeSync(1, `${id}\n`);
    await untilRoom();
  }
}

/** Senders are quicker than whoever carries out: without a bound a long run only piles up mail. */
async function untilRoom(): Promise<void> {
  for (;;) {
    const waiting = await store.mail.count('deacon');
    if (!waiting.known || waiting.value < 100) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function work(effects: string, stop: string): Promise<void> {
  for (;;) {
    const stopping = existsSync(stop);
    await finishForDead();
    const inbox = await store.mail.inbox('deacon');
    if (!inbox.known) throw new Error(inbox.reason);
    for (const { id } of inbox.value.items) await perform(id, effects);
    if (stopping && inbox.value.items.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function perform(id: string, effects: string): Promise<void> {
  const claimed = await store.mail.claim(id, String(process.pid));
  if (!claimed.known) throw new Error(claimed.reason);
  if (claimed.value.kind !== 'claimed') return;
  appendFileSync(effects, `${id}\n`);
  const settled = await store.mail.settleClaimed(id, {
    outcome: 'executed',
    by: String(process.pid),
    reason: null,
  });
  if (!settled.known) throw new Error(settled.reason);
}

async function finishForDead(): Promise<void> {
  const claimed = await store.mail.claimed();
  if (!claimed.known) throw new Error(claimed.reason);
  for (const { message, state } of claimed.value.items) {
    if (state.is !== 'claimed' || isAlive(Number(state.by))) continue;
    await store.mail.settleClaimed(message.id, {
      outcome: 'interrupted',
      by: String(process.pid),
      reason: null,
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const [first = '', second = ''] = rest;
async function run(): Promise<unknown> {
  switch (mode) {
    case 'send':
      return send(Number(first));
    case 'settle':
      return store.mail.settle(first, { outcome: 'read', by: 'test', reason: null });
    case 'release':
      await store.mail.claim(first, String(process.pid));
      return store.mail.release(first);
    default:
      return work(first, second);
  }
}

const running = run();
running.catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
