import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TownEvent } from '../../src/model/town-event.ts';
import { appendEvent, readEvents } from '../../src/persist/events.ts';
import { type Layout, layout } from '../../src/town/layout.ts';
import { scratch } from '../town/scratch.ts';

let town: Layout;

beforeEach(() => {
  town = layout(scratch());
});

function event(text: string): TownEvent {
  return {
    at: '2026-11-21T07:25:00Z',
    kind: 'start',
    agent: 'deacon',
    pass: null,
    text,
    evidence: { status: 3 },
  };
}

function texts(limit: number): readonly string[] {
  return readEvents(town, limit).events.map(({ text }) => text);
}

describe('the event log', { timeout: 60_000 }, () => {
  it('is empty where there is none, and gives back whole events, oldest first', () => {
    expect(readEvents(town, 10)).toEqual({ events: [], broken: 0, problem: null });
    appendEvent(town, event('one\ntwo ü 😀'));
    appendEvent(town, event('three'));
    expect(readEvents(town, 10).events).toEqual([event('one\ntwo ü 😀'), event('three')]);
    expect(texts(1)).toEqual(['three']);
    expect(texts(0)).toEqual([]);
    expect(statSync(town.eventsFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(town.eventsFile, 'utf8').split('\n')).toHaveLength(3);
  });

  it('skips and counts lines that are no events, and a torn line does not swallow the next event', () => {
    appendEvent(town, event('one'));
    appendFileSync(town.eventsFile, 'garbage\nnull\n{"at":1}\n\n{"at":"2026","kind":"to');
    appendEvent(town, event('two'));
    expect(readEvents(town, 10)).toMatchObject({ broken: 4, problem: null });
    expect(texts(10)).toEqual(['one', 'two']);
  });

  it('reads long logs from the end, across blocks and files', () => {
    const long = 'x'.repeat(700);
    for (let index = 0; index < 2500; index += 1)
      appendEvent(town, event(`${index} ${long}`), { rotate: true });
    const numbers = texts(2200).map((text) => Number(text.split(' ')[0]));
    expect(numbers).toEqual(Array.from({ length: 2200 }, (_, index) => index + 300));
  });

  it('stays below a bound, however long it runs (F75)', () => {
    const long = 'x'.repeat(100_000);
    for (let index = 0; index < 60; index += 1)
      appendEvent(town, event(`${index} ${long}`), { rotate: true });
    const names = readdirSync(town.daemonDir).sort();
    expect(names).toEqual(['events.jsonl', 'events.jsonl.1', 'events.jsonl.2']);
    const bytes = names.reduce((sum, name) => sum + statSync(join(town.daemonDir, name)).size, 0);
    expect(bytes).toBeLessThan(3.5 * 1024 * 1024);
    expect(texts(1)[0]).toMatch(/^59 /);
  });

  it('rotates only for whoever holds the lock', () => {
    for (let index = 0; index < 15; index += 1) appendEvent(town, event('x'.repeat(100_000)));
    expect(readdirSync(town.daemonDir)).toEqual(['events.jsonl']);
  });

  it('says what it cannot read or write instead of failing strangely', () => {
    mkdirSync(town.eventsFile, { recursive: true });
    expect(readEvents(town, 5).problem).toContain('events.jsonl');
    expect(() => appendEvent(town, event('x'))).toThrow(
      expect.objectContaining({ code: 'not-saved', exit: 73 }),
    );
  });

  it('does not read more of an endless line than it must', () => {
    appendEvent(town, event('one'));
    writeFileSync(town.eventsFile, Buffer.alloc(20_000_000, 'x'));
    expect(readEvents(town, 5)).toMatchObject({ events: [], broken: 1 });
  });
});
