import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/store/files/id.ts';
import {
  decodeName,
  encodeName,
  parseMessageName,
  parseWorkName,
  spellMessage,
  spellWork,
} from '../../src/store/files/names.ts';
import { openFiles } from '../../src/store/files/open.ts';
import { filesOverview } from '../../src/store/files/overview.ts';
import { sweepFiles } from '../../src/store/files/sweep.ts';
import type { Store } from '../../src/store/port.ts';
import { draft, valueIn } from '../contract/store-contract.ts';

let root: string;
let store: Store;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gt-files-'));
  store = openFiles(root, { now: Date.now });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const isRoot = process.geteuid?.() === 0;

describe('names of files', () => {
  const name = fc
    .array(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((part) => !part.includes('/')),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join('/'));

  it('are one for each mailbox, stay in their directory and lead back', () => {
    fc.assert(
      fc.property(name, (mailbox) => {
        fc.pre(!/\p{Surrogate}/u.test(mailbox));
        const file = encodeName(mailbox);
        expect(file).toMatch(/^[A-Za-z0-9_%.-]+$/);
        expect(file).not.toMatch(/^\./);
        expect(decodeName(file)).toBe(mailbox);
      }),
    );
  });

  it('of other programs are nobody’s mailbox', () => {
    for (const file of ['.git', 'a..b', '%zz', '%41', 'a b', '.', '..', 'café'])
      expect(decodeName(file)).toBeNull();
  });

  it('carry what is needed to count, gate and claim a message', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('mail', 'lifecycle', 'timer', 'spawn'),
        fc.option(
          fc.record({
            by: fc.string({ maxLength: 40 }).map((by) => by.replaceAll(/[^ -~]/g, '')),
            at: fc.nat(),
          }),
          { nil: null },
        ),
        (protocol, claim) => {
          const spelled = { id: 'gm-abc', protocol, claim };
          expect(parseMessageName(spellMessage(spelled))).toEqual(spelled);
        },
      ),
    );
  });

  it('carry whose hook work is on', () => {
    const spelled = { id: 'gw-abc', hook: { agent: 'proj/polecats/toast', since: 1_795_000_000_000 } };
    expect(spellWork(spelled)).toBe('gw-abc~hooked~proj.polecats.toast~mwm0nk74.json');
    expect(parseWorkName(spellWork(spelled))).toEqual(spelled);
  });
});

describe('ids', () => {
  it('are short, sort by time and do not meet', () => {
    const ids = Array.from({ length: 10_000 }, (_, n) =>
      newId('gm', 1_795_000_000_000 + Math.floor(n / 100), Math.random),
    );
    expect(new Set(ids).size).toBe(10_000);
    expect(ids.every((id) => /^gm-[0-9a-z]{16}$/.test(id))).toBe(true);
    expect(newId('gm', 1_795_000_000_000, () => 0.999) < newId('gm', 1_795_000_000_001, () => 0)).toBe(true);
  });
});

describe('a mailbox on disk', () => {
  it('is private', async () => {
    for (const { id } of valueIn(await store.mail.send(draft))) {
      await store.mail.claim(id, 'pass-1');
      await store.mail.settleClaimed(id, { outcome: 'executed', by: 'pass-1', reason: null });
    }
    await store.mail.send({ ...draft, subject: 'LIFECYCLE: x' });
    for (const dir of [
      'mail',
      'mail/deacon',
      'mail/deacon/tmp',
      'mail/deacon/new',
      'mail/deacon/claimed',
      'mail/deacon/done',
    ]) {
      expect(statSync(join(root, dir)).mode & 0o777).toBe(0o700);
    }
    const [file = ''] = readdirSync(join(root, 'mail/deacon/new'));
    expect(file).toMatch(/^gm-[0-9a-z]{16}\.lifecycle\.json$/);
    expect(statSync(join(root, 'mail/deacon/new', file)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, 'mail/deacon/tmp'))).toEqual([]);
  });

  it('survives what does not belong there: skipped with words, never in the way of real mail', async () => {
    await store.mail.send(draft);
    const box = join(root, 'mail/deacon/new');
    const [real = ''] = readdirSync(box);
    const text = readFileSync(join(box, real), 'utf8');
    writeFileSync(join(box, 'README'), 'hello');
    writeFileSync(join(box, 'gm-empty.json'), '');
    writeFileSync(join(box, 'gm-torn.json'), text.slice(0, 40));
    writeFileSync(join(box, 'gm-null.json'), 'null');
    writeFileSync(join(box, 'gm-array.json'), '[]');
    writeFileSync(join(box, 'gm-otherid.json'), text);
    writeFileSync(join(box, 'gm-newer.json'), text.replace('"v":1', '"v":2'));
    writeFileSync(
      join(box, 'gm-types.json'),
      '{"v":1,"id":"gm-types","from":1,"to":{},"subject":[],"body":null}',
    );
    writeFileSync(join(box, 'bad\n\u001bname.json'), text);
    mkdirSync(join(box, 'gm-directory.json'));
    symlinkSync('/nowhere', join(box, 'gm-link.json'));
    spawnSync('mkfifo', [join(box, 'gm-pipe.json')]);
    const { items, warnings } = valueIn(await store.mail.inbox('deacon'));
    expect(items.map(({ subject }) => subject)).toEqual(['hello']);
    expect(warnings).toHaveLength(12);
    for (const { message } of warnings) expect(message).not.toMatch(/[\u0000-\u001f]/);
    expect(valueIn(await store.mail.find('gm-torn'))).toEqual({ kind: 'missing' });
    expect((await store.overview()).known).toBe(true);
  });

  it('is tidied: what is no message is moved aside once, leftovers of killed senders go after an hour', async () => {
    await store.mail.send(draft);
    const box = join(root, 'mail/deacon');
    writeFileSync(join(box, 'new/gm-torn.json'), '{');
    writeFileSync(join(box, 'new/README'), 'hello');
    writeFileSync(join(box, 'tmp/gm-fresh.json'), '{');
    writeFileSync(join(box, 'tmp/gm-old.json'), '{');
    const old = Date.now() / 1000 - 3700;
    utimesSync(join(box, 'tmp/gm-old.json'), old, old);
    expect(valueIn(await sweepFiles(root, Date.now())).map(({ code }) => code)).toEqual([
      'mail-set-aside',
      'mail-set-aside',
    ]);
    expect(valueIn(await sweepFiles(root, Date.now()))).toEqual([]);
    expect(readdirSync(join(box, 'bad')).sort()).toEqual(['README', 'gm-torn.json']);
    expect(readdirSync(join(box, 'tmp'))).toEqual(['gm-fresh.json']);
    expect(valueIn(await store.mail.inbox('deacon'))).toMatchObject({
      items: [{ subject: 'hello' }],
      warnings: [],
    });
  });

  it('truncated at any byte is skipped with words, or whole', async () => {
    await store.mail.send({ ...draft, body: 'é'.repeat(20) });
    const box = join(root, 'mail/deacon/new');
    const [file = ''] = readdirSync(box);
    const bytes = readFileSync(join(box, file));
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(join(box, file), bytes.subarray(0, length));
      const { items, warnings } = valueIn(await store.mail.inbox('deacon'));
      expect([items.length, warnings.length]).toEqual([0, 1]);
    }
  });

  it('says what its newest message is about, to whoever asks; of one that is none, nothing', async () => {
    for (const subject of ['first', 'second']) await store.mail.send({ ...draft, to: 'mayor', subject });
    await store.mail.send({ ...draft, to: 'overseer' });
    const dir = join(root, 'mail/overseer/new');
    writeFileSync(join(dir, readdirSync(dir)[0] ?? ''), '{');
    expect(valueIn(await filesOverview(root, true))).toMatchObject({
      waiting: { mayor: 2, overseer: 1 },
      subjects: { mayor: 'second' },
    });
    expect(valueIn(await filesOverview(root))).not.toHaveProperty('subjects');
  });

  it('that is a file, or may not be entered, is unknown: never an empty one', async () => {
    mkdirSync(join(root, 'mail/deacon'), { recursive: true });
    writeFileSync(join(root, 'mail/deacon/new'), 'a file');
    for (const answer of [
      await store.mail.inbox('deacon'),
      await store.mail.count('deacon'),
      await store.overview(),
    ]) {
      expect(answer).toMatchObject({ known: false, trouble: 'io' });
    }
  });

  it.skipIf(isRoot)(
    'that may not be entered is unknown (skipped for root, whom no rights stop)',
    async () => {
      await store.mail.send(draft);
      chmodSync(join(root, 'mail/deacon/new'), 0);
      expect(await store.mail.inbox('deacon')).toMatchObject({ known: false, trouble: 'permission' });
      chmodSync(join(root, 'mail/deacon/new'), 0o700);
    },
  );

  it('whose name is longer than the disk allows is refused with words', async () => {
    expect(await store.mail.send({ ...draft, to: `proj/${'x'.repeat(300)}` })).toMatchObject({
      known: false,
      trouble: 'refused',
    });
  });
});

describe('work and records on disk', () => {
  it('that are torn or foreign are told of in words; a hook keeps what hangs on it all the same', async () => {
    const { id } = valueIn(
      await store.work.create({ title: 't', description: '', by: 'mayor/', priority: 2 }),
    );
    await store.agents.put({
      agent: 'deacon',
      state: 'running',
      notifications: null,
      cleanup: null,
      updated: null,
    });
    writeFileSync(join(root, 'store/work/open/gw-torn~hooked~deacon~abc.json'), '{');
    writeFileSync(join(root, 'store/work/open/notes.txt'), '');
    writeFileSync(join(root, 'store/agents/mayor.json'), '{');
    const view = valueIn(await store.overview());
    expect(view.warnings.map(({ code }) => code).sort()).toEqual([
      'record-unreadable',
      'work-foreign',
      'work-unreadable',
    ]);
    expect(view.agents.map(({ agent }) => agent)).toEqual(['deacon']);
    expect(view.hooked.map((item) => [item.id, item.state.is])).toEqual([['gw-torn', 'hooked']]);
    expect(
      valueIn(await store.work.list())
        .items.map((item) => item.id)
        .sort(),
    ).toEqual([id, 'gw-torn'].sort());
    expect((await store.agents.get('mayor')).known).toBe(false);
  });
});
