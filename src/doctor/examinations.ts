import { failureOf } from '../exit.ts';
import { examineClock } from './clock.ts';
import { examineDescriptions } from './descriptions.ts';
import { examineDirectories } from './directories.ts';
import { examineDisk } from './disk.ts';
import { examineFileSystem } from './file-system.ts';
import type { Examine, Examined, Patient } from './finding.ts';
import { examineHeartbeat } from './heartbeat.ts';
import { examineHolds } from './holds.ts';
import { examineLauncher } from './launcher.ts';
import { examineLeftovers } from './leftovers.ts';
import { examineListed } from './listed.ts';
import { examineLock } from './lock.ts';
import { judgeNode } from './node.ts';
import { examineObstacles } from './obstacles.ts';
import { examinePermissions } from './permissions.ts';
import { examinePrograms } from './programs.ts';
import { examineRigs } from './rigs.ts';
import { examineSandbox } from './sandbox.ts';
import { examineSettings } from './settings.ts';
import { examineState } from './state.ts';
import { examineStore } from './store.ts';
import { examineTmux } from './tmux.ts';
import { examineWatchers } from './watchers.ts';

/** Everything that is looked at, in the order in which it is told: what all stands on first. */
const examinations: Readonly<Record<string, Examine>> = {
  node: () => judgeNode(process.version, process.execPath),
  tmux: examineTmux,
  settings: examineSettings,
  programs: examinePrograms,
  launcher: examineLauncher,
  disk: examineDisk,
  'file system': examineFileSystem,
  directories: examineDirectories,
  permissions: examinePermissions,
  clock: examineClock,
  lock: examineLock,
  state: examineState,
  leftovers: examineLeftovers,
  store: examineStore,
  rigs: examineRigs,
  descriptions: examineDescriptions,
  holds: examineHolds,
  keepers: examineObstacles,
  sandbox: examineSandbox,
  heartbeat: examineHeartbeat,
  watchers: examineWatchers,
  'list of towns': examineListed,
};

/** Examines a town. An examination that fails is a finding itself, and keeps nobody from the next. */
export async function examineTown(patient: Patient): Promise<readonly Examined[]> {
  const all: Examined[] = [];
  for (const [name, examine] of Object.entries(examinations)) {
    try {
      all.push(await examine(patient));
    } catch (error) {
      const failure = failureOf(error);
      const message = failure?.message ?? (error instanceof Error ? error.message : String(error));
      const finding = { code: 'not-examined', message, since: null, remedy: failure?.hint ?? null };
      all.push({ name, saw: 'could not be looked at', findings: [finding] });
    }
  }
  return all;
}
