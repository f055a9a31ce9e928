import { type ConfigRead, readConfig } from '../town/settings.ts';
import { describeProblem } from '../town/settings-problem.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineSettings: Examine = ({ layout, snapshot }) => {
  const rigs = snapshot?.rigs.known ? snapshot.rigs.value.map(({ name }) => name) : [];
  return judgeSettings(readConfig(layout, rigs), layout.settingsFile, layout.root);
};

/** The town's settings and its rigs'. With wrong ones a tick does nothing at all. */
export function judgeSettings(read: ConfigRead, file: string, town: string): Examined {
  const remedy = `gt config validate --town ${shellWord(town)}`;
  return {
    name: 'settings',
    saw: file,
    findings: read.problems.map((problem) => ({
      code: read.kind === 'ok' ? 'rig-settings' : 'config-invalid',
      message: describeProblem(problem),
      since: null,
      remedy,
    })),
  };
}
