/**
 * Whether some agent of one rig could share a session or a dashed spelling with some agent of the other, whatever
 * their workers are called. Polecats' sessions, `gt-<rig>-<name>`, are left to {@link polecatClash}.
 */
export function rigsClash(one: string, other: string): boolean {
  return oneSided(one, other) || oneSided(other, one);
}

function oneSided(one: string, other: string): boolean {
  const all = [...fixed(other), ...open(other), `gt-${other}-`];
  return (
    open(one).some((prefix) => all.some((text) => text.startsWith(prefix))) ||
    fixed(one).some((text) => fixed(other).includes(text))
  );
}

/** Whether the session of a polecat is, or could one day be, a spelling of an agent of another rig. */
export function polecatClash(rig: string, name: string, other: string): boolean {
  const session = `gt-${rig}-${name}`;
  if (fixed(other).includes(session)) return true;
  if (open(other).some((prefix) => session.startsWith(prefix))) return true;
  return other.length > rig.length && session.startsWith(`gt-${other}-`);
}

/**
 * The only rigs that can clash with this one and have a shorter name or none of its hyphens: looking them up spares
 * comparing every two rigs of a town.
 */
export function rivalsOf(rig: string): readonly string[] {
  return [`gt-${rig}-`, `${rig}-`, ...(rig.startsWith('gt-') ? [`${rig.slice('gt-'.length)}-`] : [])].flatMap(
    startsOf,
  );
}

/** The same for the session of a polecat. */
export function rivalsOfPolecat(rig: string, name: string): readonly string[] {
  return [`gt-${rig}-${name}`, `${rig}-${name}`].flatMap(startsOf);
}

/** What stands before each hyphen. */
function startsOf(text: string): readonly string[] {
  const starts: string[] = [];
  for (let at = text.indexOf('-'); at !== -1; at = text.indexOf('-', at + 1)) starts.push(text.slice(0, at));
  return starts;
}

/** Spellings that a rig's witness and refinery have (spec/tick.md §3.1). */
function fixed(rig: string): readonly string[] {
  return [`${rig}-witness`, `${rig}-refinery`, `gt-${rig}-witness`, `gt-${rig}-refinery`];
}

/** What spellings of a rig's workers begin with, before the worker's name. */
function open(rig: string): readonly string[] {
  return [`${rig}-crew-`, `gt-${rig}-crew-`, `${rig}-polecat-`];
}
