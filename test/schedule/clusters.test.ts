import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unitOf } from '../../src/schedule/unit-name.ts';
import { type Block, parseHcl } from './hcl.ts';
import { example } from './host.ts';

const text = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../systemd/clusters', name), 'utf8');

describe('the Nomad job', () => {
  const within = (block: Block | undefined, ...path: readonly string[]): Block | undefined =>
    path.reduce<Block | undefined>((so, name) => so?.blocks.get(name), block);
  const job = within(parseHcl(text('nomad.hcl')), 'job gt-tick');

  it('runs every minute on every client that has the town, never twice at a time', () => {
    expect(job?.attributes.get('type')).toBe('"sysbatch"');
    expect(Object.fromEntries(within(job, 'periodic')?.attributes ?? [])).toMatchObject({
      crons: '["* * * * *"]',
      prohibit_overlap: 'true',
    });
  });

  it('asks systemd for the unit that install writes, so that no agent is a process of Nomad’s', () => {
    const config = within(job, 'group tick', 'task tick', 'config');
    expect(config?.attributes.get('command')).toBe('"/usr/bin/systemctl"');
    expect(JSON.parse(config?.attributes.get('args') ?? '')).toEqual([
      '--user',
      '--machine=you@',
      'start',
      unitOf(example.town, 'tick', 'service'),
    ]);
  });
});

describe('the Kubernetes objects', () => {
  const { items } = JSON.parse(text('kubernetes.json'));
  const [config, , set] = items;
  const [container] = set.spec.template.spec.containers;

  it('are a set of one pod with a disk of its own, and no CronJob', () => {
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['ConfigMap', 'Service', 'StatefulSet']);
    expect(set.spec).toMatchObject({ replicas: 1, serviceName: items[1].metadata.name });
    expect(set.spec.selector.matchLabels).toEqual(set.spec.template.metadata.labels);
    expect(set.spec.volumeClaimTemplates).toHaveLength(1);
  });

  it('call the tick every minute in the pod that has the town, in an environment that Node is quick in', () => {
    expect(config.data.crontab).toBe(`* * * * * gt tick --town ${example.town}\n`);
    expect(config.data.start).toContain('exec supercronic');
    expect(container.command).toEqual(['/bin/sh', '/etc/gt/start']);
    const env = Object.fromEntries(
      container.env.map(({ name, value }: Record<string, string>) => [name, value]),
    );
    expect(env).toMatchObject({ NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: '', HOME: '/home/you' });
    const names = [
      ...set.spec.template.spec.volumes,
      ...set.spec.volumeClaimTemplates.map(({ metadata }: { metadata: unknown }) => metadata),
    ];
    for (const { name } of container.volumeMounts)
      expect(names.map((one: { name: string }) => one.name)).toContain(name);
  });

  it('are never restarted because a heartbeat is late: that would end every agent', () => {
    expect(container.livenessProbe).toBeUndefined();
    expect(container.readinessProbe.exec.command.join(' ')).toContain('gt status');
  });
});
