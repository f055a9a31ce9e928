import { describe, expect, it } from 'vitest';
import { configShowCommand, configValidateCommand } from '../../src/commands/rigs/config.ts';
import { registry, townWith } from '../town/scratch.ts';
import { asked } from './asked.ts';

const file = 'settings/config.json';

function shown(files: Readonly<Record<string, unknown>>) {
  const town = townWith(files);
  const context = asked(town.root);
  expect(configShowCommand({ json: true }, context)).toBe(0);
  const document: { settings: { key: string; value: unknown; origin: string }[] } = JSON.parse(context.out());
  return { town, document, of: (key: string) => document.settings.find((setting) => setting.key === key) };
}

describe('gt config show', () => {
  it('shows every value that holds, with its origin', () => {
    const { town, document, of } = shown({ [file]: { default_agent: 'codex', tick: { stale: '4m' } } });
    expect(document).toMatchObject({ schema: 'gt.config/1', town: town.root, warnings: [] });
    expect(of('tick.stale')).toEqual({ key: 'tick.stale', value: '4m', origin: town.settingsFile });
    expect(of('tick.very_stale')).toEqual({ key: 'tick.very_stale', value: '15m', origin: 'default' });
    expect(of('agents.codex.args')).toMatchObject({
      value: ['--dangerously-bypass-approvals-and-sandbox'],
      origin: 'preset',
    });
  });

  it('shows what rigs settle for themselves', () => {
    const { town, of } = shown({
      'mayor/rigs.json': registry('proj'),
      'proj/settings/config.json': { agent: 'amp' },
    });
    expect(of('rigs.proj.agent')).toEqual({
      key: 'rigs.proj.agent',
      value: 'amp',
      origin: `${town.root}/proj/settings/config.json`,
    });
  });

  it('keeps the values of variables to itself', () => {
    const { document } = shown({ [file]: { agents: { mine: { command: 'x', env: { KEY: 'secret' } } } } });
    expect(JSON.stringify(document)).toContain('KEY');
    expect(JSON.stringify(document)).not.toContain('secret');
  });

  it('prints a line for each setting', () => {
    const context = asked(townWith().root);
    configShowCommand({}, context);
    expect(context.out()).toMatch(/^tick\.poke\.base +default +"5m"$/m);
  });

  it('refuses settings that do not hold', () => {
    const { root } = townWith({ [file]: { tik: 1 } });
    expect(() => configShowCommand({}, asked(root))).toThrow(/tik is not a setting/);
  });
});

describe('gt config validate', () => {
  it('is content with valid settings', () => {
    const town = townWith({ [file]: { tick: { every: '2m' } } });
    const context = asked(town.root);
    expect(configValidateCommand({}, context)).toBe(0);
    expect(context.out()).toContain('are valid');
    const told = asked(town.root);
    configValidateCommand({ json: true }, told);
    expect(JSON.parse(told.out())).toMatchObject({ valid: true, file: town.settingsFile });
  });

  it('says that there is no file, and that the defaults are used, where there is none', () => {
    const town = townWith();
    const context = asked(town.root);
    expect(configValidateCommand({}, context)).toBe(0);
    expect(context.out()).toBe(
      `There is no ${town.settingsFile}: the defaults are used, as gt config show prints them.\n`,
    );
    const told = asked(town.root);
    expect(configValidateCommand({ json: true }, told)).toBe(0);
    expect(JSON.parse(told.out())).toMatchObject({ valid: true, file: null, problems: [] });
  });

  it('lists everything that is wrong, rigs’ settings included, and exits 78', () => {
    const town = townWith({ [file]: { tik: 1, tick: { stale: '0s', newborn: 5 } } });
    const context = asked(town.root);
    expect(configValidateCommand({}, context)).toBe(78);
    expect(context.out().trimEnd().split('\n')).toHaveLength(3);
    const rig = asked(
      townWith({ 'mayor/rigs.json': registry('proj'), 'proj/settings/config.json': '{' }).root,
    );
    expect(configValidateCommand({ json: true }, rig)).toBe(78);
    expect(JSON.parse(rig.out())).toMatchObject({
      valid: false,
      problems: [{ file: expect.stringContaining('proj/settings'), key: '' }],
    });
  });
});
