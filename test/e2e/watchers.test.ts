import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';

describe('somebody outside who watches', () => {
  let town: TestTown;
  const metrics = () => join(town.dir, 'metrics/gt.prom');
  const watch = (watching: object) =>
    town.settings((all) => {
      all.tick = { ...Object(all.tick), ...watching };
    });
  const watchers = (): unknown => town.read('daemon/watchers.json');
  beforeAll(async () => {
    town = await testTown();
    expect((await town.tick()).status).toBe(0);
    await town.ready('gt-deacon');
  });
  afterAll(() => town.close());

  it('finds the figures of the last pass where the settings say', async () => {
    mkdirSync(join(town.dir, 'metrics'));
    watch({ metrics_file: metrics(), ping: null });
    const { status, ...report } = await town.tick();
    const text = readFileSync(metrics(), 'utf8');
    expect(status).toBe(0);
    expect(text).toContain(`gt_last_pass_success{town="${town.root}"} 1\n`);
    expect(text).toContain(`gt_agents{town="${town.root}",state="alive"} ${report.agents.alive}\n`);
  });

  it('hears of a good pass after its lock is free, and not of a dry run', async () => {
    const asked: string[] = [];
    let lockedThen = true;
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      lockedThen = town.files().has(join(town.root, 'daemon/tick.lock'));
      response.end('OK');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    watch({ metrics_file: null, ping: `http://127.0.0.1:${port}/abc` });
    await town.gt(['tick', '--dry-run']);
    expect((await town.tick()).status).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toEqual(['/abc']);
    expect(lockedThen).toBe(false);
    expect(watchers()).toMatchObject({ ping: { failing_since: null, reason: null } });
  });

  it('that cannot be told fails no pass and makes no noise; the doctor knows since when', async () => {
    rmSync(join(town.dir, 'metrics'), { recursive: true });
    watch({ metrics_file: metrics(), ping: ['false'] });
    const first = await town.gt(['tick', '--force']);
    const since = Object(watchers()).ping.failing_since;
    const second = await town.gt(['tick', '--force']);
    for (const { status, stdout, stderr } of [first, second])
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(watchers()).toMatchObject({ ping: { failing_since: since, reason: 'false ended with status 1' } });
    const { status, stdout } = await town.gt(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'false could not be told of the last pass (tick.ping): false ended with status 1.',
    );
    expect(stdout).toContain(`${metrics()} could not be told`);
  });

  it('is not told of a pass that went wrong', async () => {
    const told = join(town.dir, 'told');
    watch({ metrics_file: null, ping: ['touch', told] });
    writeFileSync(join(town.root, 'mayor/rigs.json'), 'torn');
    const { status } = await town.tick({ PATH: '/nonexistent' });
    expect(status).not.toBe(0);
    expect(town.files().has(told)).toBe(false);
  });

  it('must be described so that it can be reached: nonsense is refused with 78', async () => {
    for (const wrong of [
      { metrics_file: 'relative.prom' },
      { ping: 'ftp://example.org' },
      { ping: 'not a url' },
      { ping: [] },
      { ping: ['./relative'] },
      { ping: [''] },
      { pings: 'https://example.org' },
    ]) {
      watch({ metrics_file: null, ping: null, ...wrong });
      expect((await town.gt(['config', 'validate'])).status, JSON.stringify(wrong)).toBe(78);
      watch({ metrics_file: null, ping: null });
      town.settings((all) => {
        delete Object(all.tick).pings;
      });
    }
  });
});
