import * as v from 'valibot';
import { nearest } from './nearest.ts';

/** One thing wrong in a settings file. */
export interface Problem {
  readonly file: string;
  /** Dotted, as in `tick.poke.base`; empty when the file as a whole is meant. */
  readonly key: string;
  readonly value: unknown;
  /** Completes "KEY is VALUE: it …" or, without a value, "KEY …". */
  readonly problem: string;
  /** What was probably meant. */
  readonly nearest: string | null;
}

/** One line for people. */
export function describeProblem({ file, key, value, problem, nearest: meant }: Problem): string {
  const question = meant === null ? '' : `; did you mean ${JSON.stringify(meant)}?`;
  if (key === '') return `${file} ${problem}${question}`;
  const about = value === undefined ? `${key} ${problem}` : `${key} is ${shown(value)}: it ${problem}`;
  return `${file}: ${about}${question}`;
}

/** What a schema found wrong. Of a choice, the option that is nearest to what was written is named. */
export function problemsOf(file: string, issues: readonly v.BaseIssue<unknown>[]): readonly Problem[] {
  return issues.map((issue) => {
    const options = issue.type === 'picklist' ? [...(issue.expected ?? '').matchAll(/"([^"]+)"/g)] : [];
    return {
      file,
      key: v.getDotPath(issue) ?? '',
      value: issue.input,
      problem: issue.input === undefined ? 'is missing' : issue.message,
      nearest:
        typeof issue.input === 'string'
          ? nearest(
              issue.input,
              options.flatMap(([, option]) => option ?? []),
            )
          : null,
    };
  });
}

/** Keys that nobody reads: most likely misspelt. Follows objects, records, lists and optional values of the schema. */
export function unknownKeys(file: string, schema: unknown, value: unknown, path = ''): readonly Problem[] {
  if (!isObject(schema) || !isObject(value)) return [];
  if (schema.wrapped !== undefined) return unknownKeys(file, schema.wrapped, value, path);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownKeys(file, schema.item, item, `${path}${index}.`));
  }
  if (schema.type === 'record') {
    return Object.keys(value).flatMap((key) => unknownKeys(file, schema.value, value[key], `${path}${key}.`));
  }
  const entries = schema.entries;
  if (!isObject(entries)) return [];
  const allowed = Object.keys(entries);
  return Object.keys(value).flatMap((key) => {
    if (Object.hasOwn(entries, key)) return unknownKeys(file, entries[key], value[key], `${path}${key}.`);
    return [
      {
        file,
        key: `${path}${key}`,
        value: undefined,
        problem: 'is not a setting',
        nearest: nearest(key, allowed),
      },
    ];
  });
}

/** A JSON object or list, as something with keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
