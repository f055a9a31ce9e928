import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Draft } from '../../src/model/message.ts';
import { beadsOf, openBeads } from '../../src/store/beads/open.ts';
import { beadsOverview } from '../../src/store/beads/overview.ts';
import { builtBd, withoutBd } from '../rig/bd.ts';
import { type BeadsTown, beadsTown } from '../rig/beads-town.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const draft: Draft = {
  to: 'deacon',
  cc: [],
  from: 'overseer',
  subject: '',
  body: 'a body',
  priority: 'normal',
  type: 'notification',
  pinned: false,
  thread: null,
  replyTo: null,
};

const version = '1.0.0';
const bd = builtBd(version);

describe.skipIf(bd === null)(
  `a store that lets one process in at a time (bd ${version})${bd === null ? ` ${withoutBd(version)}` : ''}`,
  () => {
    let town: BeadsTown;
    const open = () => openBeads(town.root, { now: Date.now, env: town.env });
    beforeAll(() => {
      if (bd !== null) town = beadsTown(bd);
    });
    afterAll(() => town.remove());

    it('serves all who come at once, writers and readers', async () => {
      const subjects = ['one', 'two', 'three'];
      const sent = subjects.map((subject) => open().mail.send({ ...draft, subject }));
      const patient = { keep: false, budgetMs: 60_000, timeoutMs: 60_000 };
      const look = () => beadsOverview(beadsOf(town.root, { now: Date.now, env: town.env }), patient);
      const seen = [look(), open().mail.inbox('deacon'), look()];
      const answers = await Promise.all([...sent, ...seen]);
      expect(answers.map((answer) => (answer.known ? 'known' : answer.reason))).toEqual(
        answers.map(() => 'known'),
      );
      const inbox = await open().mail.inbox('deacon');
      expect(inbox.known && inbox.value.items.map((item) => item.subject).sort()).toEqual(subjects.sort());
    });

    it('is waited for no longer than the time there is, and then said to be somebody else’s', async () => {
      const lock = join(town.root, '.beads/embeddeddolt/.lock');
      const holder = spawn('flock', [lock, 'sh', '-c', 'echo held; exec cat'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(holder.stdout, 'data');
      try {
        const beads = beadsOf(town.root, { now: Date.now, env: town.env });
        expect(await beadsOverview(beads, { keep: false, budgetMs: 3_000 })).toMatchObject({
          known: false,
          trouble: 'unavailable',
          reason: expect.stringContaining('another process holds the exclusive lock'),
        });
      } finally {
        holder.stdin.end();
        await once(holder, 'exit');
      }
    });
  },
);
