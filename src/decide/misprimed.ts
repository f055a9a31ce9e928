import { kill } from '../model/action.ts';
import type { Observed } from '../model/condition.ts';
import { ageOf, readyWithin } from './first-signs.ts';
import { lastSeen, whatKeepsIt } from './gupp.ts';
import { human } from './notice-words.ts';
import type { Rule, View, World } from './rule.ts';
import { workUnknown } from './work-unknown.ts';

/** One whose screen spoke against its end is not looked at again before. Milliseconds of awake time. */
const againMs = 10 * 60_000;

/**
 * An agent that is up and never reported as itself (F85): it is told of and not called any more, since whoever sits there
 * may take itself for somebody else; one with work of its own stays with the rules about work. Only where the settings
 * say so, once, and only one that nothing could be lost of, is ended for a fresh start; the next pass starts it.
 */
export const misprimedRule: Rule = (view, world) => {
  const { agent, session, liveness, work, memory } = view;
  const { misprimed } = memory;
  if (misprimed === null || liveness.is !== 'alive') return null;
  if (ageOf(view, world.now) < readyWithin(world.config.tick)) return null;
  const { since, as, corrected } = misprimed;
  const evidence = { since, reports_as: as, corrected };
  const kept = whatForbids(view, liveness.pane, world);
  if (kept !== null && work !== null && as === null) return null;
  if (kept !== null) return { note: { agent: agent.id, rule: 'misprimed', why: kept, evidence } };
  return {
    action: kill({ agent, session }, liveness, 'misprimed', { ...evidence, ...lastSeen(view) }),
    memory: { ...memory, misprimed: { ...misprimed, corrected: world.now.at } },
  };
};

/** Why it is not ended for a fresh start; null: nothing speaks against it. The last look, at its screen, is taken just before. */
function whatForbids(view: View, pane: string, world: World): string | null {
  const { misprimed } = view.memory;
  const { tick } = world.config;
  if (tick.misprimed !== 'restart' || misprimed?.corrected !== null) return 'misprimed';
  // Seen twice; started again afterwards by nobody but us; nothing of its own begun, as far as anybody can tell.
  if (misprimed.since === world.now.at || !view.wanted || view.work !== null) return 'misprimed';
  if (world.careful || !world.snapshot.holds.known) return 'careful';
  if (workUnknown(view.agent, world.snapshot) !== null) return 'work-unknown';
  // A machine that slept gave nobody the time to print.
  const still = view.output === null ? 0 : world.snapshot.now.wall - Math.max(view.output, world.agesFrom);
  if (still < readyWithin(tick)) return 'misprimed';
  if (misprimed.spared !== undefined && world.now.awake - misprimed.spared < againMs) return 'spared';
  return whatKeepsIt(pane, view, world);
}

/** What the human is told, as long as it lasts: also while its one fresh start has not shown yet what it is good for. */
export function misprimedConditions({ agent: { id }, session, memory }: View): readonly Observed[] {
  const { misprimed, started } = memory;
  if (misprimed === null) return [];
  const { since, as, corrected } = misprimed;
  const what =
    as === null
      ? `${id} runs, its hooks should have reported, and nothing has come from it by ${since}.`
      : `What runs in the session of ${id} calls itself ${as}: its commands have reported as ${as} by ${since}.`;
  const once =
    corrected === null ? '' : ` A fresh start was tried once, at ${corrected}; that is not done again.`;
  return [
    human(`misprimed:${id}`, 'misprimed', id, {
      subject: `ALERT: ${id} runs and has never reported as itself`,
      text: `${what}${once}`,
      details: { session, started: started?.at ?? null, reports_as: as },
      hint: `Look at it with: gt peek ${id}. For a fresh start: gt session restart ${id}`,
    }),
  ];
}
