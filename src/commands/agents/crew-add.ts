import { exitStatus, Failure } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { makeCrew } from '../../town/crew-clone.ts';
import { checkWorkerName } from '../../town/names.ts';
import { readRegistry } from '../../town/registry.ts';
import { loadRigs } from '../../town/rigs.ts';
import type { Context } from '../context.ts';
import { type Desk, deskIn, rigHere, rigNamed } from './desk.ts';

export interface CrewAddOptions {
  readonly town?: string | undefined;
  readonly names: readonly string[];
  readonly rig?: string | undefined;
  readonly branch: boolean;
  readonly json: boolean;
}

/** `gt crew add`: a workspace for each name. Nobody is started. One that fails does not keep the others from theirs. */
export async function crewAddCommand(options: CrewAddOptions, context: Context): Promise<number> {
  const { town, names, branch, json } = options;
  const desk = deskIn(town, context);
  const { at } = desk;
  const rig =
    options.rig === undefined
      ? rigHere(desk, 'gt crew add NAME --rig RIG')
      : rigNamed(options.rig, null, desk);
  const added: object[] = [];
  const failures: Failure[] = [];
  for (const given of names) {
    const name = given.startsWith(`${rig}/`) ? given.slice(rig.length + 1).replace(/^crew\//, '') : given;
    try {
      const on = await addOne(name, rig, branch, desk);
      const path = `${at.root}/${rig}/crew/${name}`;
      added.push({ name, rig, branch: on, path });
      if (!json)
        context.stdout(
          `✓ ${rig}/crew/${name} has a workspace${on === null ? '' : ` on ${on}`}: ${path}\n  Start it with: gt crew start ${rig}/${name}\n`,
        );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (names.length === 1) throw error;
      failures.push(error);
      context.stderr(`✗ ${name}: ${error.message}\n`);
    }
  }
  if (json)
    context.stdout(
      jsonText({
        schema: 'gt.crew-add/1',
        town: at.root,
        added,
        failed: failures.map(({ code, message }) => ({ code, message })),
      }),
    );
  return failures.length === 0 ? exitStatus.done : exitStatus.failed;
}

async function addOne(
  name: string,
  rig: string,
  branch: boolean,
  { at, context }: Desk,
): Promise<string | null> {
  check(name, rig, at);
  const registry = readRegistry(at);
  const url = registry.known ? (registry.value.get(rig)?.gitUrl ?? '') : '';
  const { env, run, isTerminal, stderr } = context;
  const crew = {
    root: at.root,
    rig,
    name,
    source: url === '' ? null : url,
    branch,
    at: context.now().toISOString(),
  };
  return makeCrew(crew, { run, env, onProgress: isTerminal ? stderr : null });
}

function check(name: string, rig: string, at: Desk['at']): void {
  const { rigs } = loadRigs(at);
  const wrong = checkWorkerName(name, rig, 'crew', rigs.known ? rigs.value : []);
  if (wrong !== null) throw new Failure('worker-name', exitStatus.usage, wrong, 'gt crew list');
}
