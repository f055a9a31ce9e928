import { jsonText } from '../show/json.ts';
import type { Context } from './context.ts';

/** This release. */
export const version = '0.1.0';

/** `gt version [--json]`. */
export function versionCommand({ json }: { readonly json: boolean }, context: Context): number {
  const node = process.versions.node;
  context.stdout(
    json ? jsonText({ schema: 'gt.version/1', version, node }) : `gt ${version} (node ${node})\n`,
  );
  return 0;
}
