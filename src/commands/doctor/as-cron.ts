import { judgeAsCron } from '../../doctor/as-cron.ts';
import type { Examined, Finding } from '../../doctor/finding.ts';
import { parseJson } from '../../persist/parse-json.ts';
import type { Layout } from '../../town/layout.ts';
import { isObject } from '../../town/settings-problem.ts';
import type { Context } from '../context.ts';
import { scheduledEnvironment } from './schedule.ts';

/** How long a command in the scheduler's environment may take, milliseconds. */
const timeoutMs = 120_000;

/**
 * Runs the gate, a dry run and the doctor in the environment in which the scheduler calls (F12), and holds what they find
 * against `facts`, what the caller found.
 */
export async function examineAsCron(
  at: Layout,
  facts: Readonly<Record<string, string | null>>,
  context: Context,
): Promise<Examined> {
  const name = 'as cron';
  if (context.program === undefined) return { name, saw: 'not from an installed gt', findings: [] };
  const [node, gt] = context.program;
  const env = { ...bareEnvironment(context.env), ...(await scheduledEnvironment(at, context)) };
  const cwd = env.HOME || '/';
  const findings: Finding[] = [];
  let theirs: Readonly<Record<string, unknown>> = {};
  for (const args of [['due'], ['tick', '--dry-run'], ['doctor']]) {
    const ran = await context.run({
      file: node,
      args: [gt, ...args, '--json', '--town', at.root],
      cwd,
      env,
      timeoutMs,
    });
    const document = parseJson(ran.stdout) ?? null;
    const [command = ''] = args;
    const failing = judgeAsCron.ran(command, ran, document, at.root);
    if (failing !== null) findings.push(failing);
    if (command === 'doctor' && isObject(document) && isObject(document.facts)) theirs = document.facts;
  }
  findings.push(...judgeAsCron.differences(facts, theirs, at.root));
  return { name, saw: `PATH=${env.PATH ?? ''} in ${cwd}`, findings };
}

/** What cron gives its jobs (crontab(5)); a unit or an agent of launchd gives no more. */
function bareEnvironment(env: Context['env']): Record<string, string | undefined> {
  const { HOME, LOGNAME, USER } = env;
  return { HOME, LOGNAME: LOGNAME ?? USER, SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
}
