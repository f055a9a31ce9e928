import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/decide/lifecycle-request.ts';
import { clockSkewMs, refusedForAge, requestAgeLimitMs } from '../../src/decide/request-age.ts';
import { sortRequests } from '../../src/decide/requests.ts';
import type { Message } from '../../src/model/message.ts';
import type { ParsedRequest } from '../../src/model/request.ts';
import type { Rig } from '../../src/model/rig.ts';
import { messageWith } from './given.ts';

function read(body: string, subject = 'LIFECYCLE: a request', from = 'proj/witness'): ParsedRequest {
  return parseRequest({ from, subject, body });
}

/** The action, or the slug of the refusal. */
function verdict(parsed: ParsedRequest): string {
  return parsed.kind === 'request' ? parsed.action : parsed.kind === 'refused' ? parsed.why : parsed.kind;
}

describe('the body of a request (vectors of spec/tick.md, appendix)', () => {
  it.each([
    ['{"action":"Cycle"}', 'cycle'],
    ['{"ACTION":"stop"}', 'shutdown'],
    [' {"action":"cycle"} ', 'cycle'],
    ['{"Action":"restart","action":"cycle"}', 'cycle'],
    ['{}', 'unparseable'],
    ['null', 'unknown-action'],
    ['{"action":null}', 'unknown-action'],
    ['{"action":"reboot"}', 'unknown-action'],
    ['"cycle"', 'unparseable'],
    ['[]', 'unparseable'],
    ['5', 'unparseable'],
    ['{"action":5}', 'unparseable'],
    ['{"action":"cycle"} x', 'unparseable'],
    ['', 'unparseable'],
    ['STOP', 'shutdown'],
    [' Action: Restart \n', 'restart'],
    ['action: stop', 'shutdown'],
    ['please cycle', 'unparseable'],
    ['{"action":"cycle","identity":""}', 'unparseable'],
    ['Action: cycle\nAction: restart', 'contradiction'],
    ['Action: reboot', 'unknown-action'],
    [
      'Lifecycle request from witness.\n\nAction: cycle\nTime: 2025-12-20T10:00:00Z\n\nPlease verify state and act.',
      'cycle',
    ],
    ['Lifecycle request from x.\r\n\r\nAction: shutdown\r\n', 'shutdown'],
  ])('%j means %s', (body, expected) => {
    expect(verdict(read(body))).toBe(expected);
  });
});

describe('the subject of a request', () => {
  it.each([
    ['LIFECYCLE: mayor requesting cycle', 'cycle', 'mayor'],
    ['lifecycle: my-rig-witness requesting shutdown', 'shutdown', 'my-rig-witness'],
    ['LIFECYCLE: gastown-crew-Max requesting restart', 'restart', 'gastown-crew-Max'],
    ['LIFECYCLE: proj/crew/max requesting cycling', 'cycle', 'proj/crew/max'],
    ['LIFECYCLE: requesting cycle', 'cycle', 'proj/witness'],
    ['LIFECYCLE: shutdown', 'shutdown', 'proj/witness'],
    ['LIFECYCLE:Shutdown Toast', 'shutdown', 'Toast'],
    ['lifecycle: witness requesting stop', 'shutdown', 'proj/witness'],
    ['LIFECYCLE: restart-witness requesting cycle', 'cycle', 'restart-witness'],
    ['LIFECYCLE: stop/crew/cycle requesting restart', 'restart', 'stop/crew/cycle'],
  ])('%j asks for %s of %s', (subject, action, agent) => {
    expect(read('', subject)).toMatchObject({ kind: 'request', action, agent });
  });

  it.each([
    'lifecycle without colon',
    'HEARTBEAT: check rigs',
    'TIMER: mayor wake at 10:00',
    'Re: LIFECYCLE: mayor requesting cycle',
    '',
  ])('%j is no request', (subject) => {
    expect(read('{"action":"cycle"}', subject)).toEqual({ kind: 'not-a-request' });
  });

  it('that contradicts the body does nothing', () => {
    expect(verdict(read('{"action":"cycle"}', 'LIFECYCLE: mayor requesting shutdown'))).toBe('contradiction');
    expect(verdict(read('{"action":"reboot"}', 'LIFECYCLE: mayor requesting cycle'))).toBe('unknown-action');
  });

  it('decides where the body is prose', () => {
    expect(read('my context is full, see you', 'LIFECYCLE: mayor requesting cycle')).toMatchObject({
      action: 'cycle',
      agent: 'mayor',
    });
    expect(read('{"reason":"context full"}', 'LIFECYCLE: mayor requesting cycle')).toMatchObject({
      action: 'cycle',
    });
  });

  it('finds no action by searching for words in names', () => {
    for (const name of ['cycle', 'restart', 'mayor', 'shutdown-crew-stop', 'recycle/witness']) {
      expect(verdict(read('', `LIFECYCLE: ${name} is unwell`))).toBe('unparseable');
    }
  });

  it('names an agent after the JSON, and keeps the other name for comparison', () => {
    expect(
      read('{"action":"cycle","identity":"proj/crew/max"}', 'LIFECYCLE: proj-crew-max requesting cycle'),
    ).toMatchObject({
      agent: 'proj/crew/max',
      alsoNamed: ['proj-crew-max'],
    });
  });
});

describe('any mail at all', () => {
  it('is an action, a stated refusal, or no request', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'action',
        ':',
        ' ',
        '\n',
        'cycle',
        'RESTART',
        'stop',
        'shutdown',
        'requesting',
        '{',
        '}',
        '"',
        '{"action":"cycle"}',
        'Action: ',
        'null',
      ),
      fc.json({ maxDepth: 2 }),
    );
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, text, (subject, body, from) => {
        const parsed = parseRequest({ from, subject: `LIFECYCLE:${subject}`, body });
        expect(['request', 'refused']).toContain(parsed.kind);
        if (parsed.kind === 'request') expect(['cycle', 'restart', 'shutdown']).toContain(parsed.action);
        // What goes back to the sender carries none of the sender's bytes.
        if (parsed.kind === 'refused') expect(parsed.sentence).toMatch(/^[ -~]+$/);
      }),
      { numRuns: 200 },
    );
  });

  it('of ten megabytes is refused like any other', () => {
    expect(verdict(read('{'.repeat(100_000)))).toBe('unparseable');
    expect(verdict(read('action'.repeat(1_500_000)))).toBe('unparseable');
    expect(verdict(read(' \n'.repeat(5_000_000), `LIFECYCLE: ${'requesting '.repeat(100_000)}`))).toBe(
      'unparseable',
    );
  });
});

const now = Date.parse('2026-11-21T12:00:00Z');
const rigs: readonly Rig[] = [
  { name: 'proj', crew: ['max', 'joe'], polecats: ['toast', 'joe'] },
  { name: 'my-rig', crew: [], polecats: [] },
];

let ids = 0;
function mail(changes: Partial<Message>): Message {
  ids += 1;
  const subject = 'LIFECYCLE: mayor requesting cycle';
  return messageWith({ id: `gm-${ids}`, subject, at: '2026-11-21T11:59:00Z', thread: '', ...changes });
}

function sorted(...messages: readonly Message[]): {
  readonly due: readonly string[];
  readonly retired: readonly string[];
} {
  const { due, retired } = sortRequests(messages, rigs, now);
  return {
    due: due.map(({ agent, action }) => `${agent.id} ${action}`),
    retired: retired.map(({ refusal }) => refusal.why),
  };
}

describe('the age of a request', () => {
  it.each([
    [0, null],
    [requestAgeLimitMs, null],
    [requestAgeLimitMs + 1000, 'too-old'],
    [-clockSkewMs, null],
    [-clockSkewMs - 1, 'from-the-future'],
  ])('of %d ms: %s', (age, why) => {
    expect(refusedForAge({ at: new Date(now - age).toISOString() }, now)?.why ?? null).toBe(why);
  });

  it('that is unknown keeps it from being carried out', () => {
    expect(refusedForAge({ at: null }, now)?.why).toBe('undated');
    expect(refusedForAge({ at: 'yesterday' }, now)?.why).toBe('undated');
  });
});

describe('waiting requests', () => {
  it('are read in every spelling of an agent', () => {
    const asked = (name: string, from: string): Message =>
      mail({ subject: `LIFECYCLE: ${name} requesting cycle`, from });
    expect(sorted(asked('my-rig-witness', 'my-rig/witness')).due).toEqual(['my-rig/witness cycle']);
    expect(sorted(asked('proj/max', 'proj/max')).due).toEqual(['proj/crew/max cycle']);
    expect(sorted(asked('proj-polecat-toast', 'proj/polecats/toast')).due).toEqual([
      'proj/polecats/toast cycle',
    ]);
    expect(sorted(asked('deacon/', 'deacon/')).due).toEqual(['deacon cycle']);
    expect(sorted(asked('witness', 'proj/witness')).due).toEqual(['proj/witness cycle']);
  });

  it('count once for each agent: the newest, whatever the order they come in', () => {
    const older = mail({ at: '2026-11-21T11:50:00Z' });
    const newer = mail({ subject: 'LIFECYCLE: mayor requesting shutdown', at: '2026-11-21T11:55:00Z' });
    const other = mail({ subject: 'LIFECYCLE: deacon requesting cycle', from: 'deacon/' });
    for (const order of [
      [older, newer, other],
      [newer, other, older],
    ]) {
      expect(sorted(...order)).toEqual({
        due: expect.arrayContaining(['mayor shutdown', 'deacon cycle']),
        retired: ['superseded'],
      });
    }
  });

  it('that are stale never supersede a good one', () => {
    const stale = mail({ at: '2026-11-22T11:50:00Z' });
    expect(sorted(stale, mail({}))).toEqual({ due: ['mayor cycle'], retired: ['from-the-future'] });
  });

  it('may name one agent in two ways, of which one alone is not enough', () => {
    const body = '{"action":"cycle","identity":"proj/joe"}';
    expect(sorted(mail({ subject: 'LIFECYCLE: proj-polecat-joe requesting cycle', body })).due).toEqual([
      'proj/polecats/joe cycle',
    ]);
  });

  it('are refused for nobody, for one of two, and for two at once', () => {
    const asked = (name: string, body = ''): Message =>
      mail({ subject: `LIFECYCLE: ${name} requesting cycle`, body });
    expect(
      sorted(asked('Toast'), asked('proj/joe'), asked('mayor', '{"action":"cycle","identity":"deacon"}'))
        .retired,
    ).toEqual(['unknown-agent', 'ambiguous-agent', 'contradiction']);
  });

  it('are refused from those who may not ask', () => {
    const asked = (name: string, from: string): Message =>
      mail({ subject: `LIFECYCLE: ${name} requesting shutdown`, from });
    expect(
      sorted(
        asked('mayor', 'proj/polecats/toast'),
        asked('proj/crew/max', 'proj/witness'),
        asked('proj/witness', 'my-rig/witness'),
        asked('deacon', ''),
      ).retired,
    ).toEqual(Array(4).fill('not-allowed'));
    expect(
      sorted(
        asked('proj/polecats/toast', 'proj/witness'),
        asked('my-rig/witness', 'overseer'),
        asked('proj/crew/max', 'mayor/'),
      ).due,
    ).toHaveLength(3);
  });
});
