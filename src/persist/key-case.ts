/** Our files have `snake_case` keys as upstream's have, our types `camelCase` ones. Both directions, one level or whole values. */

export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Keys are few and come back for every agent. */
const snakeKeys = new Map<string, string>();
const camelKeys = new Map<string, string>();

/**
 * Renames the keys of one object, not of what is in it. A key with a capital is not one of ours and goes, so that it
 * cannot stand for one that is. Anything but an object is returned as it is.
 */
export function withCamelKeys(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const name = remembered(camelKeys, key, camelCase);
    if (name !== '') renamed[name] = value[key];
  }
  return renamed;
}

/** Renames the keys of a value and of all that is in it, except below the keys whose names in `free` belong to others. */
export function withSnakeKeys(value: unknown, free: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withSnakeKeys(item, free));
  if (!isPlainObject(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = value[key];
    renamed[remembered(snakeKeys, key, snakeCase)] = free.has(key) ? inner : withSnakeKeys(inner, free);
  }
  return renamed;
}

/** An object with keys of its own, as JSON has them: no array, not null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty for a key that cannot be one of ours. */
function camelCase(key: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(key)) return '';
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Bounded, since keys of others come by too. */
function remembered(names: Map<string, string>, key: string, rename: (key: string) => string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = rename(key);
  if (names.size < 1000) names.set(key, name);
  return name;
}
