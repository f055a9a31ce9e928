import type { ScheduleProblem } from '../model/schedule.ts';
import type { Host } from './host.ts';

/** Folders that macOS lets no background program into before somebody has clicked (F81). */
const guarded = ['Documents', 'Desktop', 'Downloads', 'Library/Mobile Documents', 'Library/CloudStorage'];

/** Says that the system will keep scheduled calls out of a town; null when it will not. */
export function privacyProblem(
  town: string,
  { platform, home }: Pick<Host, 'platform' | 'home'>,
): ScheduleProblem | null {
  const folder = guarded.find((name) => `${town}/`.startsWith(`${home}/${name}/`));
  if (platform !== 'darwin' || folder === undefined) return null;
  return {
    code: 'guarded-folder',
    message: `macOS keeps background programs out of ~/${folder}: give Node full disk access (System Settings, Privacy), or move the town.`,
    hint: `mv ${town} ${home}/`,
    stops: false,
  };
}
