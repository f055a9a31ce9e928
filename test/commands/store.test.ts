import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bareTown, gt } from './told.ts';

it('gt store migrate to the store that is in use says so, and names the command that shows the settings', async () => {
  const town = bareTown();
  const { exit, err } = await gt(town, ['store', 'migrate', '--to', 'files']);
  expect(exit).toBe(1);
  expect(err).toBe(`gt: The town’s store is files already.\n    next: gt config show --town ${town}\n`);
  const json = await gt(town, ['store', 'migrate', '--to', 'files', '--json']);
  expect(JSON.parse(json.out).error).toMatchObject({
    code: 'store-same',
    hint: `gt config show --town ${town}`,
  });
  rmSync(town, { recursive: true });
});
