import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a `bd` can come down with. */
export type Sickness =
  | 'well'
  /** Answers after two seconds. */
  | 'slow'
  | 'hang'
  /** Hangs, and so does a child that it started. */
  | 'fork'
  | 'locked'
  | 'garbage'
  | 'empty'
  | 'cut'
  | 'drift'
  | 'banner'
  | 'null';

/** The real `bd` with a script before it that notes each call, and answers as badly as it is told to. */
export interface BdShim {
  /** To be put first in PATH. */
  readonly dir: string;
  /** Every call so far: the store, then the arguments, as far as their first line. */
  readonly calls: () => readonly string[];
  /** Pids of children it left asleep. */
  readonly children: () => readonly number[];
  /** From now on. `only`: words that a call's arguments must have; `where`: the one store that is sick. */
  readonly be: (sickness: Sickness, only?: string, where?: string) => void;
}

/** Makes it in a directory of its own, well. `real`: where the real program lies. */
export function bdShim(dir: string, real: string): BdShim {
  mkdirSync(dir, { recursive: true });
  for (const name of ['calls', 'children']) writeFileSync(join(dir, name), '');
  const be: BdShim['be'] = (sickness, only = '', where = '') =>
    writeFileSync(join(dir, 'sickness'), `${sickness}\n${only}\n${where}\n`);
  be('well');
  writeFileSync(join(dir, 'bd'), script(dir, join(real, 'bd')), { mode: 0o755 });
  const lines = (name: string): readonly string[] =>
    readFileSync(join(dir, name), 'utf8').split('\n').filter(Boolean);
  return {
    dir,
    be,
    calls: () => lines('calls').flatMap((line) => (line.startsWith('bd ') ? [line.slice(3)] : [])),
    children: () => lines('children').map(Number),
  };
}

function script(dir: string, real: string): string {
  return `#!/bin/sh
echo "bd $BEADS_DIR $*" >> ${dir}/calls
{ read -r sickness; read -r only; read -r where; } < ${dir}/sickness
[ "$sickness" = well ] && exec ${real} "$@"
case "$where" in '' | "$BEADS_DIR") ;; *) exec ${real} "$@" ;; esac
case " $* " in *" $only"*) ;; *) exec ${real} "$@" ;; esac
case "$sickness" in
  slow) sleep 2; exec ${real} "$@" ;;
  hang) exec sleep 600 ;;
  fork) sleep 600 & echo $! >> ${dir}/children; wait ;;
  locked) echo 'Error: failed to open database: database is locked' >&2; exit 1 ;;
  garbage) echo '%%% not json' ;;
  empty) ;;
  cut) ${real} "$@" | head -c 60 ;;
  drift) echo '[{"identifier":"hq-1","name":"t"}]' ;;
  banner) echo 'A new version is available!'; exec ${real} "$@" ;;
  null) echo null ;;
esac
`;
}
