import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hooksOf } from '../../src/agents/hooks-file.ts';
import { openHooks } from '../../src/stand-in/hooks.ts';
import { parseHooks } from '../../src/stand-in/hooks-schema.ts';
import { townAgent } from '../../src/town/identity.ts';

let dir: string;
let noted: Readonly<Record<string, unknown>>[];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-hooks-')));
  noted = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const settings = (path: string, event: string, ...commands: readonly string[]): void => {
  const hooks = commands.map((command) => ({ type: 'command', command }));
  write(path, JSON.stringify({ hooks: { [event]: [{ matcher: '', hooks }] } }));
};
const write = (path: string, text: string): void => {
  const file = join(dir, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
};
const open = () =>
  openHooks({
    cwd: join(dir, 'place'),
    env: () => ({ PATH: process.env.PATH, HOME: join(dir, 'home') }),
    note: (entry) => noted.push(entry),
  });
const prompt = { name: 'UserPromptSubmit', matched: '', fields: { prompt: 'hello' } } as const;
const start = (source: string) => ({ name: 'SessionStart', matched: source, fields: { source } }) as const;

describe('the hooks of a stand-in', () => {
  it('are read in the form in which ours are written', () => {
    expect(parseHooks(JSON.stringify(hooksOf(townAgent('deacon'))))).toContainEqual({
      event: 'UserPromptSubmit',
      matcher: '',
      command: 'gt mail check --inject',
      timeoutSeconds: null,
    });
    expect(() => parseHooks('{"hooks":{"Stop":[{"command":"gt costs record"}]}}')).toThrow();
    expect(() => parseHooks('{"hooks":{"Stop":{"type":"command","command":"x"}}}')).toThrow();
  });

  it('are those of the person and of both files of the directory, and of none above it', async () => {
    settings('home/.claude/settings.json', 'UserPromptSubmit', 'echo person');
    settings('.claude/settings.json', 'UserPromptSubmit', 'echo above');
    settings('place/.claude/settings.json', 'UserPromptSubmit', 'echo shared', 'echo twice');
    settings('place/.claude/settings.local.json', 'UserPromptSubmit', 'echo twice', 'echo local');
    expect(await open().fire(prompt)).toBe(true);
    expect(noted.map(({ stdout }) => stdout).sort()).toEqual(['local\n', 'person\n', 'shared\n', 'twice\n']);
  });

  it('are told of the event on their standard input, in the directory of the agent', async () => {
    settings('place/.claude/settings.json', 'UserPromptSubmit', 'cat; pwd; echo $CLAUDE_PROJECT_DIR');
    await open().fire(prompt);
    const [json = '', ...places] = String(noted[0]?.stdout).replace('}', '}\n').trim().split('\n');
    expect(JSON.parse(json)).toMatchObject({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      cwd: join(dir, 'place'),
      hook_event_name: 'UserPromptSubmit',
      prompt: 'hello',
    });
    expect(places).toEqual([join(dir, 'place'), join(dir, 'place')]);
  });

  it('forbid with status 2 and merely fail with any other', async () => {
    settings('place/.claude/settings.json', 'UserPromptSubmit', 'echo no >&2; exit 2');
    expect(await open().fire(prompt)).toBe(false);
    expect(noted).toMatchObject([{ hook: 'UserPromptSubmit', status: 2, stderr: 'no\n', context: 0 }]);
    settings('place/.claude/settings.json', 'UserPromptSubmit', 'echo no; exit 1');
    expect(await open().fire(prompt)).toBe(true);
    expect(noted[1]).toMatchObject({ status: 1, failure: 'exit', context: 0 });
  });

  it('end at their own limit', async () => {
    const hooks = [{ type: 'command', command: 'sleep 60', timeout: 0.2 }];
    write('place/.claude/settings.json', JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks }] } }));
    expect(await open().fire(prompt)).toBe(true);
    expect(noted).toMatchObject([{ status: null, failure: 'timeout' }]);
  });

  it('run only for what their matcher names', async () => {
    const on = (matcher: string) => ({ matcher, hooks: [{ type: 'command', command: `echo '${matcher}'` }] });
    const all = ['', '*', 'startup|resume', 'compact', 'start'].map(on);
    write('place/.claude/settings.json', JSON.stringify({ hooks: { SessionStart: all } }));
    await open().fire(start('startup'));
    expect(noted.map(({ stdout }) => stdout).sort()).toEqual(['\n', '*\n', 'startup|resume\n']);
  });

  it('are none where the settings cannot be read, and that is noted', async () => {
    write('place/.claude/settings.json', '{"hooks":{"Stop":[{}]}}');
    expect(await open().fire(prompt)).toBe(true);
    expect(noted).toEqual([
      { settings: join(dir, 'place/.claude/settings.json'), error: expect.any(String) },
    ]);
  });
});
