import * as v from 'valibot';
import type { Warning } from '../../model/snapshot.ts';
import { parseJson } from '../../persist/parse-json.ts';
import { isDirectory, realPath } from '../../town/path-on-disk.ts';
import { readPlain } from '../files/disk.ts';

/** One beads directory of a town. */
export interface BeadsDir {
  /** Real path of the `.beads` directory. */
  readonly path: string;
  /** Prefixes of ids that belong to it, with their hyphen, as the routes say. */
  readonly prefixes: readonly string[];
}

export interface Stores {
  readonly town: BeadsDir;
  /** Those of rigs that keep their own, in the order of the routes. */
  readonly rigs: readonly (BeadsDir & { readonly rig: string })[];
  readonly routes: readonly Route[];
  readonly warnings: readonly Warning[];
}

export interface Route {
  /** `gt-` */
  readonly prefix: string;
  /** Below the town root; `.` is the town. */
  readonly path: string;
}

const route = v.object({ prefix: v.string(), path: v.string() });

/**
 * The town's beads directory and those its routes lead to (spec/agents.md §7.4, §7.6). Redirects are followed once, as
 * `bd` does; several routes to one directory are one store. A route that leads nowhere is a warning.
 */
export function findStores(root: string): Stores {
  const warnings: Warning[] = [];
  const town = beadsBelow(root) ?? `${root}/.beads`;
  const routes = readRoutes(`${town}/routes.jsonl`);
  const prefixes = new Map<string, { rig: string; prefixes: string[] }>([[town, { rig: '', prefixes: [] }]]);
  for (const { prefix, path } of routes) {
    const place = path === '.' ? root : `${root}/${path}`;
    const beads = path.split('/').includes('..') || path.startsWith('/') ? null : beadsBelow(place);
    if (beads === null) {
      warnings.push({
        code: 'store-route',
        message: `The route of ${JSON.stringify(prefix)} in ${town}/routes.jsonl leads to ${JSON.stringify(place)}, where no beads are.`,
      });
      continue;
    }
    const known = prefixes.get(beads) ?? { rig: path.split('/')[0] ?? path, prefixes: [] };
    prefixes.set(beads, { ...known, prefixes: [...known.prefixes, prefix] });
  }
  const all = [...prefixes].map(([path, found]) => ({ path, ...found }));
  return {
    town: { path: town, prefixes: prefixes.get(town)?.prefixes ?? [] },
    rigs: all.filter(({ path }) => path !== town),
    routes,
    warnings,
  };
}

/** The store that an id belongs to: the longest matching prefix's, else the town's. */
export function storeOf({ town, rigs }: Stores, id: string): string {
  const matches = [town, ...rigs].flatMap(({ path, prefixes }) =>
    prefixes.filter((prefix) => id.startsWith(prefix)).map((prefix) => ({ path, length: prefix.length })),
  );
  return matches.sort((one, other) => other.length - one.length)[0]?.path ?? town.path;
}

/** A rig's own id prefix, without its hyphen; null when no route has one. */
export function prefixOfRig({ routes }: Stores, rig: string): string | null {
  return routes.find(({ path }) => path.split('/')[0] === rig)?.prefix.replace(/-$/, '') ?? null;
}

function readRoutes(file: string): readonly Route[] {
  const plain = readPlain(file);
  if (plain.kind !== 'text') return [];
  return plain.text.split('\n').flatMap((line) => {
    const parsed = v.safeParse(route, parseJson(line));
    return parsed.success && parsed.output.prefix !== '' && parsed.output.path !== '' ? [parsed.output] : [];
  });
}

/** The beads directory of a place, its redirect followed; null when there is none. */
export function beadsBelow(place: string): string | null {
  const own = realDirectory(`${place}/.beads`);
  if (own === null) return null;
  const redirect = readPlain(`${own}/redirect`);
  if (redirect.kind !== 'text') return own;
  const line = redirect.text
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '' && !one.startsWith('#'));
  if (line === undefined) return own;
  return realDirectory(line.startsWith('/') ? line : `${place}/${line}`) ?? own;
}

function realDirectory(path: string): string | null {
  return isDirectory(path) ? realPath(path) : null;
}
