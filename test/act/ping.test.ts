import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ping } from '../../src/act/ping.ts';
import { createRun } from '../../src/run.ts';
import { lives } from '../rig/until.ts';
import { scratch } from '../town/scratch.ts';

const options = {
  run: createRun({ path: ['/usr/bin', '/bin'] }),
  env: { PATH: '/usr/bin:/bin' },
  timeoutMs: 5_000,
};

describe('a dead man’s switch behind a URL', () => {
  const asked: string[] = [];
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/silent') return;
      response.statusCode = Number(request.url?.slice(1));
      if (response.statusCode === 302) response.setHeader('location', '/200');
      response.end('x'.repeat(100_000));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => server.close());

  it('is told with one GET, and any 2xx means that it heard', async () => {
    expect(await ping(`${url}/200`, options)).toBeNull();
    expect(await ping(`${url}/204`, options)).toBeNull();
    expect(asked).toEqual(['GET /200', 'GET /204']);
  });

  it('has not heard when it answers anything else, and a redirection is not followed', async () => {
    expect(await ping(`${url}/500`, options)).toContain('500');
    expect(await ping(`${url}/302`, options)).toContain('302');
    expect(asked.filter((line) => line === 'GET /200')).toHaveLength(1);
  });

  it('is given up on at its deadline', async () => {
    expect(await ping(`${url}/silent`, { ...options, timeoutMs: 100 })).toContain('did not answer');
  });

  it('that is not there is a reason, not an exception', async () => {
    expect(await ping('http://127.0.0.1:1/', options)).toContain('ECONNREFUSED');
    expect(await ping('http://no-such-host.invalid/', options)).not.toBeNull();
  });
});

describe('a dead man’s switch that is a program', () => {
  it('is run with its arguments as they are, without a shell', async () => {
    const dir = scratch();
    const program = `${dir}/tell me`;
    writeFileSync(program, `#!/bin/sh\nprintf '%s' "$1" > "${dir}/told"\n`);
    chmodSync(program, 0o755);
    expect(await ping([program, 'a $HOME; b'], options)).toBeNull();
    expect(existsSync(`${dir}/told`)).toBe(true);
  });

  it('that fails, is missing or hangs is a reason', async () => {
    expect(await ping(['false'], options)).toBe('false ended with status 1');
    expect(await ping(['no-such-program'], options)).toContain('was not found');
    expect(await ping(['sleep', '60'], { ...options, timeoutMs: 100 })).toContain('did not answer');
  });

  it('F64: that hangs is ended with what it had started', async () => {
    const note = `${scratch()}/child`;
    const script = `sleep 60 & echo $! > ${note}; wait`;
    expect(await ping(['sh', '-c', script], { ...options, timeoutMs: 500 })).toContain('did not answer');
    expect(lives(Number(readFileSync(note, 'utf8')))).toBe(false);
  });
});
