import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordsOf } from '../../src/store/beads/agents.ts';
import { type Issue, parseIssue } from '../../src/store/beads/issue.ts';
import { labelList } from '../../src/store/beads/label-list.ts';
import { readMargin, writeMargin } from '../../src/store/beads/margin.ts';
import { isWaiting, mailboxesOf, messageOf } from '../../src/store/beads/message-issue.ts';
import { readReason, reasonText } from '../../src/store/beads/reason.ts';
import { findStores, prefixOfRig, storeOf } from '../../src/store/beads/stores.ts';
import { storeKind } from '../../src/store/kind.ts';

function issueOf(fields: object): Issue {
  const issue = parseIssue({ id: 'hq-1', title: 't', status: 'open', priority: 2, ...fields });
  if (issue === null) throw new Error('no issue');
  return issue;
}

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-forms-')));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('records of agents', () => {
  const agent = (id: string, description: string, more: object = {}) =>
    issueOf({ id, issue_type: 'agent', description, updated_at: '2026-11-21T07:00:00Z', ...more });

  it.each([
    ['gt-mayor', 'role_type: mayor\nrig: null', 'mayor'],
    ['hq-deacon', '', 'deacon'],
    ['gt-gastown-witness', 'role_type: witness\nrig: gastown', 'gastown/witness'],
    ['de-demo-refinery', '', 'demo/refinery'],
    ['gt-gastown-crew-joe', 'rig: gastown', 'gastown/crew/joe'],
    ['gt-gastown-polecat-nux', 'Rig: gastown', 'gastown/polecats/nux'],
    ['gt-my-crew-rig-crew-a-b', 'rig: my-crew-rig', 'my-crew-rig/crew/a-b'],
  ])('tell whom they are about: %s', (id, description, who) => {
    expect(recordsOf([agent(id, description)])).toMatchObject([{ agent: who }]);
  });

  it('are those of roles and dogs to nobody', () => {
    expect(recordsOf([agent('gt-mayor-role', ''), agent('gt-dog-rex', '')])).toEqual([]);
  });

  it('read keys in any case, the last of several, and null as nothing', () => {
    const text = 'x\n\nAgent_State: idle\nagent_state: running\ncleanup_status: null\nnote: a: b';
    expect(recordsOf([agent('hq-mayor', text)])).toEqual([
      {
        agent: 'mayor',
        state: 'running',
        notifications: null,
        cleanup: null,
        updated: '2026-11-21T07:00:00Z',
      },
    ]);
  });

  it('take a column that is newer than the text, and the newest of two records', () => {
    const text = 'agent_state: running\nupdated: 2026-11-21T07:00:00Z';
    const column = { agent_state: 'stuck', last_activity: '2026-11-21T08:00:00Z' };
    const older = { agent_state: 'stuck', last_activity: '2026-11-21T06:00:00Z' };
    expect(recordsOf([agent('hq-mayor', text, column)])).toMatchObject([{ state: 'stuck' }]);
    expect(recordsOf([agent('hq-mayor', text, older)])).toMatchObject([{ state: 'running' }]);
    const other = agent('gt-mayor', 'agent_state: dead', { updated_at: '2026-11-20T07:00:00Z' });
    expect(recordsOf([agent('hq-mayor', text), other])).toMatchObject([{ state: 'running' }]);
  });
});

describe('messages', () => {
  it('are read in both forms, with the mailboxes of those in copy', () => {
    const issue = issueOf({
      issue_type: 'task',
      assignee: 'proj/crew/max',
      labels: ['gt:message', 'from:mayor/', 'cc:deacon/', 'thread:thread-1', 'reply-to:hq-0'],
    });
    expect(mailboxesOf(issue)).toEqual(['proj/max', 'deacon']);
    expect(messageOf(issue)).toMatchObject({
      from: 'mayor/',
      to: 'proj/max',
      thread: 'thread-1',
      replyTo: 'hq-0',
    });
    expect(isWaiting(issue)).toBe(true);
    expect(isWaiting(issueOf({ labels: ['gt:message', 'read'] }))).toBe(false);
    expect(isWaiting(issueOf({ status: 'hooked' }))).toBe(true);
  });
});

describe('what is written beside', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });

  it('leads back: settlements as reasons', () => {
    fc.assert(
      fc.property(text, text, fc.option(text), (outcome, by, reason) => {
        fc.pre(![outcome, by, reason ?? ''].some((one) => one.includes('\0')));
        expect(readReason(reasonText({ outcome, by, reason }))).toEqual({ outcome, by, reason });
      }),
    );
    expect(reasonText({ outcome: 'executed', by: 'pass-1', reason: 'cycled' })).toBe(
      'executed by pass-1: cycled',
    );
    expect(readReason('Closed')).toEqual({ outcome: 'closed', by: '', reason: 'Closed' });
  });

  it('leads back: margins, beside notes of others', () => {
    fc.assert(
      fc.property(text, text, (subject, others) => {
        const before = others.replaceAll('gt: ', '');
        const notes = writeMargin(writeMargin(before, { subject: 'first' }), { subject });
        expect(readMargin(notes)).toEqual({ subject });
        for (const line of before.split('\n')) expect(notes).toContain(line);
      }),
    );
    expect(readMargin('gt: {nonsense')).toEqual({});
  });

  it('quotes labels', () => {
    expect(labelList(['from:a,b', 'x"y'])).toBe('"from:a,b","x""y"');
  });
});

describe('the stores of a town', () => {
  const beads = (path: string) => mkdirSync(join(root, path, '.beads'), { recursive: true });

  it('are its own and those its routes lead to, each once, redirects followed once', () => {
    beads('.');
    beads('alpha/mayor/rig');
    mkdirSync(join(root, 'alpha/.beads'));
    writeFileSync(join(root, 'alpha/.beads/redirect'), '# where\nmayor/rig/.beads\n');
    const routes = [
      '{"prefix":"hq-","path":"."}',
      '# a comment',
      '{"prefix":"al-","path":"alpha"}',
      '{"prefix":"al-x-","path":"alpha/mayor/rig"}',
      '{"prefix":"be-","path":"beta"}',
      '{"prefix":"up-","path":"../elsewhere"}',
      'torn {',
    ];
    writeFileSync(join(root, '.beads/routes.jsonl'), routes.join('\n'));
    const stores = findStores(root);
    expect(stores.town).toEqual({ path: join(root, '.beads'), prefixes: ['hq-'] });
    expect(stores.rigs).toEqual([
      { path: join(root, 'alpha/mayor/rig/.beads'), rig: 'alpha', prefixes: ['al-', 'al-x-'] },
    ]);
    expect(stores.warnings.map(({ code }) => code)).toEqual(['store-route', 'store-route']);
    expect(storeOf(stores, 'al-7')).toBe(join(root, 'alpha/mayor/rig/.beads'));
    expect(storeOf(stores, 'zz-7')).toBe(join(root, '.beads'));
    expect(prefixOfRig(stores, 'alpha')).toBe('al');
  });

  it('are chosen by what is there, unless the settings say which', () => {
    expect(storeKind(root, 'auto')).toBe('files');
    expect(storeKind(root, 'beads')).toBe('beads');
    beads('.');
    expect(storeKind(root, 'auto')).toBe('beads');
    expect(storeKind(root, 'files')).toBe('files');
    mkdirSync(join(root, 'mail/deacon'), { recursive: true });
    expect(storeKind(root, 'auto')).toBe('files');
  });

  it('are not taken for empty files when the beads are out of sight', () => {
    mkdirSync(join(root, 'daemon'));
    writeFileSync(join(root, 'daemon/store.json'), '{}');
    expect(storeKind(root, 'auto')).toBe('beads');
  });
});
