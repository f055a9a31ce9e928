import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentRigs } from '../../src/observe/work.ts';
import { openBeads } from '../../src/store/beads/open.ts';
import { issuesIn, readPrinted } from '../../src/store/beads/output.ts';
import { readOverview } from '../../src/store/overview.ts';
import type { Answer, Overview } from '../../src/store/port.ts';
import { draft, valueIn } from '../contract/store-contract.ts';
import { type Bd, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { type BdShim, bdShim, type Sickness } from '../rig/bd-shim.ts';
import { type BeadsTown, beadsTown, copyStore } from '../rig/beads-town.ts';
import { lives } from '../rig/until.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const version = '0.47.1';
const bd = builtBd(version);
const issue = '{"id":"hq-1","title":"t","status":"open","priority":2,"issue_type":"task"}';

describe('what bd prints', () => {
  it.each([
    ['an array', `[${issue}]`],
    ['one object', issue],
    ['a banner before it', `Note: no git repository [really]\nUpdate available {1.2}\n[\n${issue}\n]\n`],
    ['colour', `\u001b[32m[${issue}]\u001b[0m\n`],
  ])('is read: %s', (_name, text) => {
    expect(issuesIn(text)).toMatchObject({ kind: 'issues', issues: [{ id: 'hq-1' }] });
  });

  it('may be an empty list', () => {
    expect(issuesIn('[]\n')).toMatchObject({ kind: 'issues', issues: [] });
  });

  it.each([
    ['nothing at all', ''],
    ['null', 'null'],
    ['a list cut off', `[\n${issue},\n{"id":"hq-2","ti`],
    ['text', 'No issues found.'],
    ['other keys', '[{"identifier":"hq-1","name":"t","state":"open"}]'],
    ['an error', '{"error":"database is locked"}'],
    ['two lists', `[${issue}]\n[${issue}]`],
    ['a number', '42'],
  ])('is never taken for an empty list: %s', (_name, text) => {
    expect(issuesIn(text)).toMatchObject({ kind: 'bad' });
  });

  it('counts entries that are no issues', () => {
    expect(issuesIn(`[${issue},{"id":7}]`)).toMatchObject({ kind: 'issues', strange: 1 });
    expect(readPrinted('{"a":1}')).toEqual({ kind: 'value', value: { a: 1 } });
  });
});

describe.skipIf(bd === null)(`a town whose bd is sick${bd === null ? ` ${withoutBd(version)}` : ''}`, () => {
  const real: Bd = bd ?? { version, dir: '' };
  let dir: string;
  let shim: BdShim;
  let town: BeadsTown;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gt-shim-'));
    shim = bdShim(dir, real.dir);
    town = beadsTown(real, dir);
  });
  afterEach(() => {
    town.remove();
    rmSync(dir, { recursive: true });
  });

  const sick = (sickness: Sickness, where = '') => shim.be(sickness, ' list --json', where);
  const listings = () => shim.calls().filter((call) => call.includes(' list --json')).length;
  const look = (now: number, budgetMs = 20_000, keep = true): Promise<Answer<Overview>> =>
    readOverview(town.root, { env: town.env, now, keep, budgetMs, asked: 'beads' });
  const minute = 60_000;
  /** A clock that is moved on by hand. */
  const clock = () => {
    let now = Date.now();
    return (ms: number) => {
      now += ms;
      return now;
    };
  };
  const codes = (answer: Answer<Overview>) =>
    (answer.known ? answer.value.warnings : (answer.warnings ?? [])).map(({ code }) => code);

  async function mailOnce(): Promise<void> {
    valueIn(await openBeads(town.root, { now: Date.now, env: town.env }).mail.send(draft));
  }

  it.each(['locked', 'garbage', 'empty', 'null', 'cut', 'drift', 'hang', 'fork'] as const)(
    'says it does not know, and what it knew: %s (F68)',
    async (mode) => {
      const silent = mode === 'hang' || mode === 'fork';
      const now = Date.now();
      await mailOnce();
      expect(valueIn(await look(now)).waiting).toEqual({ deacon: 1 });
      sick(mode);
      const begun = performance.now();
      const answer = await look(now + minute, silent ? 1_500 : 20_000);
      if (silent) expect(performance.now() - begun).toBeLessThan(15_000);
      expect(answer).toMatchObject({
        known: false,
        last: { value: { waiting: { deacon: 1 }, protocol: [] } },
      });
      expect(codes(answer)).toEqual(['store-silent']);
      // Too long ago is no longer known, and nothing was known before the first good answer.
      const late = await look(now + 7 * 60 * minute, silent ? 1_500 : 20_000);
      expect(late).toMatchObject({ known: false });
      expect(late).not.toHaveProperty('last');
      // What hung is gone, and whatever it had started with it (F64).
      expect(shim.children().filter(lives)).toEqual([]);
      expect(shim.children()).toHaveLength(mode === 'fork' ? 2 : 0);
    },
  );

  it('is waited for while it is slow', async () => {
    await mailOnce();
    sick('slow');
    const answer = await look(Date.now());
    expect(valueIn(answer).waiting).toEqual({ deacon: 1 });
    expect(codes(answer)).toEqual([]);
  });

  it('is understood behind a banner (F68)', async () => {
    await mailOnce();
    sick('banner');
    expect(valueIn(await look(Date.now())).waiting).toEqual({ deacon: 1 });
  });

  it('is left alone after three failures, tried now and then, and welcomed back once (F67)', async () => {
    const later = clock();
    await mailOnce();
    sick('locked');
    for (let pass = 0; pass < 3; pass += 1) await look(later(minute));
    expect(listings()).toBe(3);
    for (let pass = 0; pass < 4; pass += 1)
      expect(await look(later(minute))).toMatchObject({ known: false, trouble: 'unavailable' });
    expect(listings()).toBe(3);
    await look(later(2 * minute));
    expect(listings()).toBe(4);
    await look(later(5 * minute));
    expect(listings()).toBe(4);
    sick('well');
    const back = await look(later(31 * minute));
    expect(valueIn(back).waiting).toEqual({ deacon: 1 });
    expect(codes(back)).toEqual(['store-recovered']);
    expect(codes(await look(later(minute)))).toEqual([]);
  });

  it('is not kept waiting for by a clock set back', async () => {
    const later = clock();
    sick('locked');
    for (let pass = 0; pass < 3; pass += 1) await look(later(minute));
    const before = listings();
    await look(later(-24 * 60 * minute));
    expect(listings()).toBe(before + 1);
  });

  it('leaves no trace of a look that only looks', async () => {
    sick('locked');
    await look(Date.now(), 20_000, false);
    expect(() => readFileSync(join(town.root, 'daemon/store.json'))).toThrow('ENOENT');
    expect(() => readFileSync(join(town.root, 'daemon/bd.json'))).toThrow('ENOENT');
  });

  it('hangs for one rig only: the others are listed once each, and what that rig had on hooks is unknown', async () => {
    const names = ['alpha', 'beta', 'gamma'];
    const hooks: string[] = [];
    for (const [index, rig] of names.entries()) {
      const prefix = `p${index}`;
      copyStore(real, prefix, join(town.root, rig));
      mkdirSync(join(town.root, rig), { recursive: true });
      appendFileSync(
        join(town.root, '.beads/routes.jsonl'),
        `${JSON.stringify({ prefix: `${prefix}-`, path: rig })}\n`,
      );
      const id = runBd(join(town.root, rig), ['create', 'work', '--silent'], town.env).trim();
      runBd(
        join(town.root, rig),
        ['update', id, '--status=hooked', `--assignee=${rig}/polecats/p`],
        town.env,
      );
      hooks.push(id);
    }
    const now = Date.now();
    const before = listings();
    const well = valueIn(await look(now));
    expect(listings() - before).toBe(4);
    expect(well.hooked.map(({ id }) => id).sort()).toEqual([...hooks].sort());
    sick('hang', join(town.root, 'beta/.beads'));
    const answer = valueIn(await look(now + minute, 6_000));
    expect(answer.silent).toEqual(['beta']);
    expect(answer.hooked.map(({ id }) => id).sort()).toEqual(hooks.filter((id) => !id.startsWith('p1-')));
    expect(silentRigs({ known: true, value: answer })).toEqual(['beta']);
    expect(answer.warnings.map(({ code }) => code)).toEqual(['store-silent']);
  });
});

describe.skipIf(bd === null)('another bd than those that were tried', () => {
  it('is refused with what was found and what would do', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'gt-old-'));
    try {
      writeFileSync(join(dir, 'bd'), '#!/bin/sh\necho "bd version 0.21.3 (abc)"\n');
      chmodSync(join(dir, 'bd'), 0o755);
      mkdirSync(join(dir, '.beads'));
      const env = { HOME: dir, PATH: `${dir}:/usr/bin:/bin` };
      const answer = await openBeads(dir, { now: Date.now, env }).mail.inbox('deacon');
      expect(answer).toMatchObject({ known: false, trouble: 'unavailable' });
      expect(answer.known ? '' : answer.reason).toMatch(/0\.21\.3.*0\.43 to 0\.49 and 1\.x/);
      const none = await openBeads(dir, { now: Date.now, env: { PATH: '/nowhere' } }).mail.inbox('deacon');
      expect(none).toMatchObject({ known: false, trouble: 'unavailable' });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
