import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBd } from './bd.ts';
import { inBeads, type TestTown } from './town.ts';
import { until } from './until.ts';

/** The arguments of the command that answers requests. */
export const process = ['lifecycle', 'process'];
export const keeperBox = (town: TestTown, stage: string): string => join(town.root, 'mail/deacon', stage);

/** Names of the messages in a stage of the keeper's mailbox. */
export function lying(town: TestTown, stage: 'new' | 'claimed' | 'done'): readonly string[] {
  if (existsSync(join(town.root, '.beads'))) return lyingInBeads(town, stage);
  const dir = keeperBox(town, stage);
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.json')) : [];
}

/** What `bd list` prints, as far as these tests look at it. */
interface Listing {
  readonly id: string;
  readonly title: string;
  readonly issue_type: string;
  readonly assignee?: string;
  readonly labels?: readonly string[];
}

/** The same of a town whose mail is in beads, as files would be called: 0.47 has a type for mail, 1.x a label. */
function lyingInBeads(town: TestTown, stage: 'new' | 'claimed' | 'done'): readonly string[] {
  const status = { new: 'open', claimed: 'in_progress', done: 'closed' }[stage];
  const listed: readonly Listing[] = JSON.parse(
    runBd(town.root, ['list', '--json', '--limit', '0', '--status', status], town.env),
  );
  return listed
    .filter(({ issue_type, labels = [] }) => issue_type === 'message' || labels.includes('gt:message'))
    .filter(({ assignee }) => assignee === 'deacon/')
    .map(({ id, title }) => `${id}${title.startsWith('LIFECYCLE:') ? '.lifecycle' : ''}.json`);
}

/** From now on no message to the deacon can be filed away as settled; what is given back makes it possible again. */
export function keepFromFiling({ root, bd }: TestTown): () => void {
  if (bd !== null) {
    bd.be('locked', ' close ');
    return () => bd.be('well');
  }
  const done = join(root, 'mail/deacon/done');
  // A file where the directory should be stops root too.
  renameSync(done, `${done}-away`);
  writeFileSync(done, '');
  return () => {
    rmSync(done);
    renameSync(`${done}-away`, done);
  };
}

/** From now on the deacon's mailbox cannot be listed. */
export function hideMail({ root, bd }: TestTown): void {
  bd?.be('locked', ' list --json');
  if (bd !== null) return;
  mkdirSync(join(root, 'mail/deacon'), { recursive: true });
  writeFileSync(join(root, 'mail/deacon/new'), '');
}

interface Listed {
  readonly id: string;
  readonly agent: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

interface Lists {
  readonly waiting: readonly Listed[];
  readonly claimed: readonly Listed[];
  readonly settled: readonly Listed[];
}

export async function listed(town: TestTown): Promise<Lists> {
  return JSON.parse((await town.gt(['lifecycle', 'list', '--json'])).stdout);
}

export async function settledOf(town: TestTown, id: string): Promise<Listed | undefined> {
  return (await listed(town)).settled.find((one) => one.id === id);
}

export async function inbox(town: TestTown, address: string): Promise<readonly Record<string, string>[]> {
  return JSON.parse((await town.gt(['mail', 'inbox', address, '--json'])).stdout);
}

/** A request as an agent or a person writes it by hand; its id. */
export async function mailed(
  town: TestTown,
  subject: string,
  body: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const ended = await town.gt(['mail', 'send', 'deacon/', '-s', subject, '-m', body, '--json'], env);
  return JSON.parse(ended.stdout).sent[0].id;
}

export const crew = (name: string) => ({ GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: name });

export function addCrew(town: TestTown, ...names: readonly string[]): readonly string[] {
  for (const name of names) mkdirSync(join(town.root, 'proj/crew', name), { recursive: true });
  return names.map((name) => `gt-proj-crew-${name}`);
}

/** Seconds: each of many who wait starts a `bd` now and then, which keeps the others waiting. */
const patience = inBeads ? '150' : '50';

/** Starts crew workers the way a person does: nobody else may bring them up. */
export async function startCrew(town: TestTown, ...names: readonly string[]): Promise<void> {
  const sessions = addCrew(town, ...names);
  const ended = await Promise.all(
    names.map((name) =>
      town.gt(['lifecycle', 'request', 'restart', '--agent', `proj/crew/${name}`, '--wait', patience]),
    ),
  );
  for (const { status, stdout, stderr } of ended)
    if (status !== 0) throw new Error(`the crew did not start: ${stdout}${stderr}`);
  await town.ready(...sessions);
  await quiet(town);
}

/** Nothing waits any more, and nobody is at work. */
export async function quiet(town: TestTown): Promise<void> {
  const isAtWork = () => existsSync(join(town.root, 'daemon/tick.lock'));
  const isSettled = () =>
    [...lying(town, 'new'), ...lying(town, 'claimed')].every((name) => !name.includes('.lifecycle'));
  // Looking into beads takes programs, which would only keep from its work whoever is at it.
  await until(
    'all requests to be settled, and nobody to be at work',
    () => !isAtWork() && isSettled() && !isAtWork(),
  );
}

export function raise(town: TestTown, dir: string, action: string): void {
  writeFileSync(
    join(town.root, dir, 'state.json'),
    JSON.stringify({ mine: 1, [`requesting_${action}`]: true }),
  );
}

export const flagsIn = (town: TestTown, dir: string): unknown => {
  const file = join(town.root, dir, 'state.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};
