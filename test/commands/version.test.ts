import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/commands/version.ts';
import { gt } from './told.ts';

describe('gt version', () => {
  it('is that of the package', () => {
    expect(version).toBe(
      JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version,
    );
  });

  it('needs no town', async () => {
    expect(await gt('/', ['version'])).toMatchObject({
      exit: 0,
      out: `gt ${version} (node ${process.versions.node})\n`,
    });
    expect(JSON.parse((await gt('/', ['version', '--json'])).out)).toMatchObject({
      schema: 'gt.version/1',
      version,
    });
  });
});
