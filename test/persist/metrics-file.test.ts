import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeMetrics } from '../../src/persist/metrics-file.ts';
import { scratch } from '../town/scratch.ts';

describe('a metrics file', () => {
  it('is replaced whole, readable for everybody, and leaves nothing beside it', () => {
    const dir = scratch();
    const path = `${dir}/gt.prom`;
    for (const text of ['one 1\n', 'two 2\n']) {
      const before = statSync(path, { throwIfNoEntry: false })?.ino;
      writeMetrics(path, text);
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(statSync(path).ino).not.toBe(before);
    }
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(dir)).toEqual(['gt.prom']);
  });

  it('does not mind what a killed pass left, and follows no link that somebody put in its way', () => {
    const dir = scratch();
    writeFileSync(`${dir}/victim`, 'mine');
    symlinkSync(`${dir}/victim`, `${dir}/gt.prom.next`);
    writeMetrics(`${dir}/gt.prom`, 'x 1\n');
    expect(readFileSync(`${dir}/victim`, 'utf8')).toBe('mine');
    expect(readFileSync(`${dir}/gt.prom`, 'utf8')).toBe('x 1\n');
  });

  it('says why where it cannot be, and makes no directory there', () => {
    const dir = scratch();
    expect(() => writeMetrics(`${dir}/no/gt.prom`, 'x')).toThrow(
      expect.objectContaining({ code: 'not-saved' }),
    );
    mkdirSync(`${dir}/gt.prom`);
    expect(() => writeMetrics(`${dir}/gt.prom`, 'x')).toThrow(expect.objectContaining({ code: 'not-saved' }));
    expect(readdirSync(dir)).toEqual(['gt.prom']);
  });
});
