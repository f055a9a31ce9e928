import { explain, type Run } from '../run.ts';

export interface PingOptions {
  /** Starts programs found on the town's search path. */
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/**
 * Tells a dead man's switch that a pass went well: a GET of a URL, or a program. Null when it was told, else why not,
 * in a clause. Never throws, and never takes longer than its deadline.
 */
export async function ping(
  target: string | readonly string[],
  { run, env, timeoutMs }: PingOptions,
): Promise<string | null> {
  if (typeof target === 'string') return fetchUrl(target, timeoutMs);
  const [file = '', ...args] = target;
  const ran = await run({ file, args, cwd: '/', env, whole: true, timeoutMs });
  return ran.ok ? null : `${file} ${explain(ran)}`;
}

/** Any 2xx counts. A redirection does not: what answers there may be a login page. */
async function fetchUrl(url: string, timeoutMs: number): Promise<string | null> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const tell = (reason: string | null) => {
      clearTimeout(deadline);
      asked.destroy();
      resolve(reason);
    };
    const asked = get(url, { headers: { 'user-agent': 'gt' }, agent: false }, ({ statusCode = 0 }) =>
      tell(statusCode >= 200 && statusCode < 300 ? null : `it answered with status ${statusCode}`),
    );
    const deadline = setTimeout(() => tell(`it did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    asked.on('error', (error) => tell(error.message || 'it cannot be reached'));
  });
}
