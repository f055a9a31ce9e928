import type { Examined } from './finding.ts';

/** The oldest Node that gt is made for. */
const oldest = [20, 19] as const;

/** Node itself: `version` as in `v20.19.0`, `file` its absolute path. */
export function judgeNode(version: string, file: string): Examined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const old = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  return {
    name: 'node',
    saw: `${version.replace(/^v/, '')} (${file})`,
    facts: { node: file },
    findings: old
      ? [
          {
            code: 'node-old',
            message: `Node ${version} runs gt, which is made for ${oldest.join('.')} and later.`,
            since: null,
            remedy: 'gt version',
          },
        ]
      : [],
  };
}
