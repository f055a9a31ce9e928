import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { anyHappening, bounds, liveDay, newTown } from './history.ts';
import type { World } from './world.ts';

/** One town for many days: `npm run soak -- --days 30 --agents 50 [--faults 200] [--seed 1]`. Exit 1 when a law was broken. */
const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    agents: { type: 'string', default: '50' },
    faults: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});

const [days, agents, faults, seed] = [values.days, values.agents, values.faults, values.seed].map(count);

function count(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  process.stderr.write(`soak: ${JSON.stringify(text)} is not a number of anything\n`);
  return process.exit(64);
}

/** Deacon, mayor, and rigs with a witness, a refinery, two crew workers and two polecats each. */
const perRig = 6;

function soak(ofDays: number, ofAgents: number, perDay: number, from: number): World {
  const world = newTown(Math.max(0, Math.round((ofAgents - 2) / perRig)), 2, ['mayor', 'refinery']);
  let slowest = 0;
  for (let day = 0; day < ofDays; day += 1) {
    const happenings = fc.sample(anyHappening, { numRuns: perDay, seed: from * 10_000 + day });
    liveDay(world, [0, 480, 900][day % 3] ?? 0, happenings);
    slowest = Math.max(slowest, world.recovered?.minutes ?? bounds.braked);
  }
  say('agents', world.agents.length);
  say('days', ofDays);
  say('slowest recovery, minutes', slowest);
  return world;
}

function say(what: string, value: number | string): void {
  process.stdout.write(`${what.padEnd(28)} ${value}\n`);
}

function report({ ledger }: World, tookMs: number): number {
  const { violations, notices } = ledger;
  say('faults', ledger.happened);
  say('calls of the tick', ledger.gates);
  say('passes', ledger.passes);
  say('of them killed midway', ledger.crashes);
  say('deaths', ledger.deaths);
  say('starts', ledger.starts);
  say('of them failed', ledger.failedStarts);
  say('agents ended on request', ledger.kills);
  say('requests and timers settled', ledger.settled);
  say('lines typed', ledger.typed);
  say('lines put off', ledger.deferred);
  say('notices', notices.length);
  const kinds = new Map<string, number>();
  for (const { condition, notice } of notices) {
    const kind = `${notice} ${condition.split(':')[0] ?? ''}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const [kind, times] of [...kinds].sort()) say(`  ${kind}`, times);
  say('laws broken', violations.length);
  for (const violation of violations.slice(0, 20)) say('  at', violation);
  say('took, seconds', (tookMs / 1000).toFixed(1));
  return violations.length === 0 ? 0 : 1;
}

const begun = performance.now();
const world = soak(days ?? 30, agents ?? 50, faults ?? 200, seed ?? 1);
process.exitCode = report(world, performance.now() - begun);
