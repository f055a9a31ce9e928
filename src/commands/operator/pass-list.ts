import { exitStatus } from '../../exit.ts';
import { listPasses } from '../../persist/passes.ts';
import { jsonText } from '../../show/json.ts';
import { table } from '../../show/table.ts';
import { momentText } from '../../show/time.ts';
import type { Layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

/** So many are listed for people; `--json` lists all. */
const most = 20;

/** The stored passes, newest first: what `gt replay` can take. */
export function passList(at: Layout, json: boolean, context: Context): number {
  const passes = listPasses(at);
  if (json) {
    context.stdout(jsonText({ schema: 'gt.passes/1', town: at.root, passes }));
    return exitStatus.done;
  }
  if (passes.length === 0) {
    context.stdout('○ No pass is stored yet.\n');
    return exitStatus.done;
  }
  const now = context.now();
  const rows = passes.slice(0, most).map((pass) => [shortOf(pass), momentText(startOf(pass), now), pass]);
  const more = passes.length - most;
  context.stdout(
    `${table(rows).join('\n')}\n${more > 0 ? `and ${more} older ones: gt replay --json\n` : ''}`,
  );
  return exitStatus.done;
}

function shortOf(pass: string): string {
  return pass.slice(pass.lastIndexOf('-') + 1);
}

/** Ids begin with their time. */
function startOf(pass: string): Date {
  return new Date(pass.slice(0, pass.lastIndexOf('-')));
}
