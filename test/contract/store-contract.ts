import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Draft, draftWith } from '../../src/model/message.ts';
import type { Answer, Store } from '../../src/store/port.ts';
import { until } from '../rig/until.ts';

/** One kind of store, made anew for each test. */
export interface Adapter {
  readonly name: string;
  /** The longest body in bytes that this store keeps; missing: any. */
  readonly longestBody?: number;
  /** It dates what it is given by the second: of two messages of one second nobody can tell which came first. */
  readonly datesBySecond?: boolean;
  /** A store in an empty town. Opening it twice gives two users of the same store. */
  readonly create: () => Promise<{ readonly open: () => Store; readonly remove: () => Promise<void> }>;
}

export const draft = draftWith({ from: 'mayor/', to: 'deacon', subject: 'hello', body: 'a body' });

export function valueIn<T>(answer: Answer<T>): T {
  if (!answer.known) throw new Error(answer.reason);
  return answer.value;
}

const done = { outcome: 'deleted', by: 'deacon/', reason: null } as const;

/** What every store does, whatever it is made of. Nothing here knows about files. */
export function storeContract({ name, longestBody, datesBySecond = false, create }: Adapter): void {
  describe(`the store port on ${name}`, () => {
    let made: Awaited<ReturnType<typeof create>>;
    let store: Store;

    beforeEach(async () => {
      made = await create();
      store = made.open();
    });
    afterEach(() => made.remove());

    async function send(changes: Partial<Draft> = {}): Promise<string> {
      const [first] = valueIn(await store.mail.send({ ...draft, ...changes }));
      if (first === undefined) throw new Error('nothing was delivered');
      // A whole one: such dates are rounded.
      const sent = Date.now();
      if (datesBySecond) await until('a second to pass', () => Date.now() > sent + 1000);
      return first.id;
    }

    describe('mail', () => {
      it('is empty where nobody ever wrote', async () => {
        expect(valueIn(await store.mail.inbox('deacon'))).toEqual({ items: [], warnings: [] });
        expect(valueIn(await store.mail.count('deacon'))).toBe(0);
        expect(valueIn(await store.mail.find('gm-nothing'))).toEqual({ kind: 'missing' });
        expect(valueIn(await store.mail.thread('thread-000000000000')).items).toEqual([]);
        expect(valueIn(await store.mail.claimed()).items).toEqual([]);
        const { touched: _touched, subjects = {}, ...empty } = valueIn(await store.overview());
        expect(subjects).toEqual({});
        expect(empty).toEqual({
          waiting: {},
          protocol: [],
          claimed: [],
          agents: [],
          hooked: [],
          warnings: [],
        });
      });

      it('delivers everything a message says, for every other user of the store', async () => {
        const id = await send({
          priority: 'urgent',
          type: 'task',
          pinned: true,
          replyTo: 'gm-before',
          from: 'proj/crew/max',
        });
        const { items } = valueIn(await made.open().mail.inbox('deacon'));
        expect(items).toHaveLength(1);
        expect(items[0]).toMatchObject({
          ...draft,
          id,
          priority: 'urgent',
          type: 'task',
          pinned: true,
          replyTo: 'gm-before',
          from: 'proj/crew/max',
          thread: expect.stringMatching(/^thread-[0-9a-f]{12}$/),
        });
        expect(Date.parse(items[0]?.at ?? '')).not.toBeNaN();
      });

      it('keeps mailboxes apart', async () => {
        await send({ to: 'proj/max' });
        await send({ to: 'proj/maxine' });
        expect(valueIn(await store.mail.count('proj/max'))).toBe(1);
        expect(valueIn(await store.mail.count('proj'))).toBe(0);
        expect(valueIn(await store.mail.count('proj/crew/max'))).toBe(0);
      });

      it('lists the newest first, all of them', async () => {
        const ids: string[] = [];
        for (let n = 0; n < 60; n += 1) ids.push(await send({ subject: `message ${n}` }));
        const { items } = valueIn(await store.mail.inbox('deacon'));
        expect(items).toHaveLength(60);
        const times = items.map(({ at }) => Date.parse(at ?? ''));
        expect([...times].sort((one, other) => other - one)).toEqual(times);
        expect(new Set(items.map(({ id }) => id))).toEqual(new Set(ids));
      });

      it('reaches everybody in copy once', async () => {
        await send({ cc: ['mayor', 'proj/witness', 'deacon', 'mayor'] });
        for (const mailbox of ['deacon', 'mayor', 'proj/witness']) {
          const { items } = valueIn(await store.mail.inbox(mailbox));
          expect(items.map(({ subject, to }) => [subject, to])).toEqual([['hello', 'deacon']]);
          expect(items[0]?.cc).toContain('mayor');
        }
      });

      it('gives subject and body back unchanged, whatever they contain', async () => {
        const nasty = fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.constantFrom(
            '\u001b[2J',
            '\r\n.\r\n',
            '</system-reminder>',
            "'; rm -rf / #",
            '\u202eevil',
            '$(id)',
            '"',
            '\\',
            '\u0000',
            ',"body":"x"}',
            'é\u0301',
          ),
        );
        await fc.assert(
          fc.asyncProperty(nasty, nasty, async (subject, body) => {
            const id = await send({ subject: `s${subject}`, body });
            const found = valueIn(await store.mail.find(id));
            expect(found).toMatchObject({
              kind: 'found',
              held: { message: { subject: `s${subject}`, body } },
            });
          }),
          { numRuns: 60 },
        );
      });

      it('carries a megabyte', async () => {
        const whole = '\u001bline "quoted" ünïcode 🚀\n'.repeat(40_000);
        if (longestBody !== undefined)
          expect(await store.mail.send({ ...draft, body: whole })).toMatchObject({ trouble: 'refused' });
        const body = longestBody === undefined ? whole : 'x'.repeat(longestBody);
        const id = await send({ body });
        expect(valueIn(await store.mail.find(id))).toMatchObject({
          kind: 'found',
          held: { message: { body } },
        });
      });

      it('finds a message by the beginning of its id, when only one begins so', async () => {
        const id = await send();
        expect(valueIn(await store.mail.find(id.slice(0, -2)))).toMatchObject({
          kind: 'found',
          held: { message: { id } },
        });
        await send();
        expect(valueIn(await store.mail.find('g'))).toMatchObject({
          kind: expect.stringMatching(/ambiguous|missing/),
        });
      });

      it('takes no path for an id', async () => {
        for (const id of ['../new', '', '.', '*', 'a/b', '\u0000']) {
          expect(valueIn(await store.mail.find(id))).toEqual({ kind: 'missing' });
          expect(valueIn(await store.mail.settle(id, done))).toEqual({ kind: 'missing' });
          expect(valueIn(await store.mail.claim(id, 'tick'))).toEqual({ kind: 'missing' });
        }
      });

      it('keeps a thread together, settled messages too, oldest first', async () => {
        const thread = 'thread-0123456789ab';
        const first = await send({ thread });
        const second = await send({ thread, to: 'mayor', replyTo: first });
        await send();
        await store.mail.settle(first, done);
        const { items } = valueIn(await store.mail.thread(thread));
        expect(items.map(({ message, state }) => [message.id, state.is])).toEqual([
          [first, 'settled'],
          [second, 'waiting'],
        ]);
      });
    });

    describe('settling', () => {
      it('takes a message out of the inbox, and keeps it with its reason', async () => {
        const id = await send();
        expect(valueIn(await store.mail.settle(id, { ...done, reason: 'no longer needed' }))).toEqual({
          kind: 'done',
        });
        expect(valueIn(await store.mail.inbox('deacon')).items).toEqual([]);
        const settlement = { ...done, reason: 'no longer needed' };
        expect(valueIn(await store.mail.find(id))).toMatchObject({
          kind: 'found',
          held: { mailbox: 'deacon', state: { is: 'settled', settlement } },
        });
        expect(valueIn(await store.mail.history('deacon', 10)).items).toMatchObject([
          { message: { id }, state: { is: 'settled', settlement } },
        ]);
      });

      it('says so the second time, and how it was settled', async () => {
        const id = await send();
        await store.mail.settle(id, done);
        expect(valueIn(await store.mail.settle(id, { ...done, outcome: 'archived' }))).toMatchObject({
          kind: 'already',
          settlement: { outcome: 'deleted' },
        });
      });

      it('lets exactly one of many callers do it', async () => {
        const id = await send();
        const users = Array.from({ length: 8 }, () => made.open());
        const answers = await Promise.all(users.map((user) => user.mail.settle(id, done)));
        expect(answers.map(valueIn).filter(({ kind }) => kind === 'done')).toHaveLength(1);
      });

      it('shows history newest first, and no more than asked for', async () => {
        const ids = [await send(), await send(), await send()];
        for (const id of ids) await store.mail.settle(id, done);
        const { items } = valueIn(await store.mail.history('deacon', 2));
        expect(items).toHaveLength(2);
      });
    });

    describe('claiming', () => {
      it('lets exactly one of many callers have a message', async () => {
        const id = await send();
        const users = Array.from({ length: 8 }, () => made.open());
        const answers = (await Promise.all(users.map((user, n) => user.mail.claim(id, `pass-${n}`)))).map(
          valueIn,
        );
        expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
        expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(7);
      });

      it('takes it out of the inbox, and shows who has it', async () => {
        const id = await send({ subject: 'LIFECYCLE: mayor requesting cycle' });
        expect(valueIn(await store.mail.claim(id, '2026-11-21T07:25:00.123Z-3f2a'))).toMatchObject({
          kind: 'claimed',
          held: { message: { id, body: 'a body' } },
        });
        expect(valueIn(await store.mail.inbox('deacon')).items).toEqual([]);
        const held = {
          mailbox: 'deacon',
          message: { id },
          state: { is: 'claimed', by: '2026-11-21T07:25:00.123Z-3f2a' },
        };
        expect(valueIn(await store.mail.claimed()).items).toMatchObject([held]);
        expect(valueIn(await store.mail.find(id))).toMatchObject({ held });
        expect(valueIn(await store.overview())).toMatchObject({ waiting: {}, protocol: [], claimed: [held] });
      });

      it('keeps everybody else from settling or claiming it', async () => {
        const id = await send();
        await store.mail.claim(id, 'pass-1');
        expect(valueIn(await store.mail.settle(id, done))).toEqual({ kind: 'claimed', by: 'pass-1' });
        expect(valueIn(await store.mail.claim(id, 'pass-2'))).toEqual({ kind: 'taken' });
      });

      it('ends with an outcome, and saying so again is harmless', async () => {
        const id = await send();
        await store.mail.claim(id, 'pass-1');
        const executed = { outcome: 'executed', by: 'pass-1', reason: 'cycled' };
        expect(valueIn(await store.mail.settleClaimed(id, executed))).toEqual({ kind: 'done' });
        expect(valueIn(await store.mail.settleClaimed(id, executed))).toMatchObject({
          kind: 'already',
          settlement: executed,
        });
        expect(valueIn(await store.mail.claimed()).items).toEqual([]);
        expect(valueIn(await store.mail.find(id))).toMatchObject({
          held: { state: { is: 'settled', settlement: executed } },
        });
      });

      it('can be undone for a message that was never acted on', async () => {
        const id = await send();
        await store.mail.claim(id, 'pass-1');
        expect(valueIn(await store.mail.release(id))).toEqual({ kind: 'done' });
        expect(valueIn(await store.mail.release(id))).toEqual({ kind: 'not-claimed' });
        expect(valueIn(await store.mail.inbox('deacon')).items.map((message) => message.id)).toEqual([id]);
        expect(valueIn(await store.mail.claim(id, 'pass-2'))).toMatchObject({ kind: 'claimed' });
      });

      it('is not skipped: what was not claimed cannot be settled as claimed', async () => {
        const id = await send();
        expect(valueIn(await store.mail.settleClaimed(id, done))).toEqual({ kind: 'waiting' });
        expect(valueIn(await store.mail.settleClaimed('gm-nothing', done))).toEqual({ kind: 'missing' });
      });
    });

    describe("agents' records", () => {
      const record = {
        agent: 'proj/crew/max',
        state: 'running',
        notifications: 'muted',
        cleanup: null,
        updated: '2026-11-21T07:00:00.000Z',
      };

      it('are kept, replaced and listed', async () => {
        expect(valueIn(await store.agents.get('proj/crew/max'))).toBeNull();
        await store.agents.put(record);
        await store.agents.put({ ...record, state: 'idle' });
        await store.agents.put({ ...record, agent: 'proj/polecats/max' });
        expect(valueIn(await store.agents.get('proj/crew/max'))).toEqual({ ...record, state: 'idle' });
        expect(valueIn(await store.agents.list()).items.map(({ agent, state }) => [agent, state])).toEqual([
          ['proj/crew/max', 'idle'],
          ['proj/polecats/max', 'running'],
        ]);
        expect(valueIn(await store.overview()).agents).toHaveLength(2);
      });
    });

    describe('work', () => {
      const work = { title: 'fix it', description: 'line one\nline two', by: 'mayor/', priority: 1 } as const;

      it('is created open, hooked to one agent, taken off, closed', async () => {
        const item = valueIn(await store.work.create(work));
        expect(item).toMatchObject({ ...work, state: { is: 'open' } });
        expect(valueIn(await store.work.hook(item.id, 'proj/polecats/toast'))).toMatchObject({
          kind: 'done',
          item: { state: { is: 'hooked', agent: 'proj/polecats/toast' } },
        });
        expect(valueIn(await store.work.hooked()).items).toMatchObject([{ id: item.id, title: 'fix it' }]);
        expect(valueIn(await store.overview()).hooked).toMatchObject([{ id: item.id }]);
        expect(valueIn(await store.work.unhook(item.id))).toMatchObject({
          kind: 'done',
          item: { state: { is: 'open' } },
        });
        expect(valueIn(await store.work.close(item.id, 'proj/polecats/toast', 'done'))).toMatchObject({
          kind: 'done',
          item: { state: { is: 'closed', by: 'proj/polecats/toast', reason: 'done' } },
        });
        expect(valueIn(await store.work.list()).items).toEqual([]);
        expect(valueIn(await store.work.get(item.id))).toMatchObject({ ...work, state: { is: 'closed' } });
      });

      it('goes to exactly one of many agents', async () => {
        const { id } = valueIn(await store.work.create(work));
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, n) => made.open().work.hook(id, `proj/polecats/p${n}`)),
        );
        expect(answers.map(valueIn).filter(({ kind }) => kind === 'done')).toHaveLength(1);
        expect(answers.map(valueIn).filter(({ kind }) => kind === 'conflict')).toHaveLength(5);
      });

      it('cannot be hooked or closed when it is closed, or was never there', async () => {
        const { id } = valueIn(await store.work.create(work));
        await store.work.close(id, 'mayor/', null);
        expect(valueIn(await store.work.hook(id, 'deacon'))).toMatchObject({
          kind: 'conflict',
          item: { state: { is: 'closed' } },
        });
        expect(valueIn(await store.work.unhook(id))).toMatchObject({ kind: 'conflict' });
        expect(valueIn(await store.work.close('gw-nothing', 'mayor/', null))).toEqual({ kind: 'missing' });
        expect(valueIn(await store.work.get('../../etc/passwd'))).toBeNull();
      });
    });

    it('answers an overview with what waits for whom, and what is for the keeper', async () => {
      const request = await send({ subject: 'lifecycle: mayor requesting cycle' });
      const timer = await send({ subject: 'TIMER: mayor wake at 10:00' });
      await send({ subject: 'a plain one' });
      await send({ to: 'proj/witness', subject: 'LIFECYCLE: Shutdown Toast' });
      const newest = { deacon: 'a plain one', 'proj/witness': 'LIFECYCLE: Shutdown Toast' };
      const { waiting, subjects = newest, protocol, warnings } = valueIn(await store.overview());
      expect(subjects).toEqual(newest);
      expect(waiting).toEqual({ deacon: 3, 'proj/witness': 1 });
      expect(protocol.map(({ id }) => id)).toEqual([request, timer]);
      expect(warnings).toEqual([]);
    });
  });
}
