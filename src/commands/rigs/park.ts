import { exitStatus } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { readHolds } from '../../town/holds.ts';
import type { Layout } from '../../town/layout.ts';
import { wrongRigName } from '../../town/names.ts';
import { parkRig, unparkRig } from '../../town/parking.ts';
import { readRegistry } from '../../town/registry.ts';
import { noSuchRig } from '../../town/registry-edit.ts';
import type { Context } from '../context.ts';
import { endingOf } from '../operator/hold-ending.ts';
import { holderOf, refuseHolding, refuseLifting } from '../operator/hold-rights.ts';
import { editing, holdText, townOf } from './rig.ts';

export interface RigParkOptions {
  readonly town?: string | undefined;
  readonly name: string;
  readonly reason?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt rig park`: its agents are neither started nor nudged until it is unparked. Of agents only the mayor and its witness may. */
export async function rigParkCommand(options: RigParkOptions, context: Context): Promise<number> {
  const at = townOf(options.town, context);
  const { name, reason = '' } = options;
  checkKnown(at, name);
  refuseHolding({ target: name, kind: 'parked' }, `gt rig park ${name}`, at, context);
  const by = holderOf(at, context);
  const edit = editing('gt rig park', context);
  const hold = {
    target: name,
    kind: 'parked',
    reason: reason || 'no reason given',
    by,
    since: edit.at,
    until: null,
  } as const;
  const before = await parkRig(at, hold, edit);
  const text =
    before === null
      ? `The rig ${name} is parked: the tick starts and nudges none of its agents. What runs goes on.\n`
      : `The rig ${name} is parked already: ${holdText(before, context.now())}.\n`;
  context.stdout(
    options.json === true
      ? jsonText({
          schema: 'gt.rig-park/1',
          town: at.root,
          rig: name,
          parked: true,
          changed: before === null,
          hold: before ?? hold,
        })
      : text,
  );
  return exitStatus.done;
}

/** `gt rig unpark`: ends what `gt rig park` began; an agent only what it parked itself. Exit 1 when something else still holds the rig. */
export async function rigUnparkCommand(
  options: Omit<RigParkOptions, 'reason'>,
  context: Context,
): Promise<number> {
  const at = townOf(options.town, context);
  const { name } = options;
  checkKnown(at, name);
  const ended = await unparkRig(at, name, editing('gt rig unpark', context), (parked) =>
    refuseLifting(parked, at, context),
  );
  const holds = readHolds(at, context.now().getTime());
  const rest = holds.known ? holds.value.filter(({ target }) => target === name || target === '*') : [];
  if (options.json === true) {
    context.stdout(
      jsonText({
        schema: 'gt.rig-park/1',
        town: at.root,
        rig: name,
        parked: rest.some(({ kind }) => kind === 'parked'),
        changed: ended !== null,
        holds: rest,
      }),
    );
  } else {
    context.stdout(
      ended === null
        ? `The rig ${name} was not parked by gt rig park.\n`
        : `The rig ${name} is no longer parked. The next tick looks after it.\n`,
    );
  }
  for (const hold of rest)
    context.stderr(
      `It is still held by ${hold.by}: ${oneLine(hold.reason)}. To end that: ${endingOf(hold)}\n`,
    );
  return rest.some(({ target }) => target === name) ? exitStatus.failed : exitStatus.done;
}

/** A registry that cannot be read keeps nobody from parking: stop means stop. */
function checkKnown(at: Layout, name: string): void {
  const registry = readRegistry(at);
  const exists = registry.known ? registry.value.has(name) : wrongRigName(name) === null;
  if (!exists) throw noSuchRig(name, registry.known ? registry.value : new Map(), at);
}
