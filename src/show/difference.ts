/**
 * Where two JSON values differ, each as a path with both values: `actions[0].why: was "fresh", is "stale"`.
 * The order of keys means nothing.
 */
export function differencesOf(before: unknown, after: unknown, path = ''): readonly string[] {
  if (Object.is(before, after)) return [];
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const left = new Map(Object.entries(before));
    const right = new Map(Object.entries(after));
    const keys = new Set([...left.keys(), ...right.keys()]);
    return [...keys].flatMap((key) =>
      differencesOf(left.get(key), right.get(key), pathTo(path, key, Array.isArray(before))),
    );
  }
  return [`${path}: was ${shown(before)}, is ${shown(after)}`];
}

function pathTo(path: string, key: string, inList: boolean): string {
  if (inList) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
