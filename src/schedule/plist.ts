import { createHash } from 'node:crypto';
import { cleared, commandOf, type Registration } from './registration.ts';

/** The name launchd knows a town's job by: the town's last word, and a hash, since towns may share that word. */
export function labelOf(town: string): string {
  const word = (town.split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  return `gastown.gt.${word}.${createHash('sha256').update(town).digest('hex').slice(0, 8)}`;
}

/**
 * The job definition. `AbandonProcessGroup`, because launchd otherwise ends whatever a finished job has started, and that
 * may be the tmux server with all agents.
 */
export function plist(registration: Registration): string {
  const { town, everyMinutes, env, limitSeconds } = registration;
  const variables = { ...Object.fromEntries(cleared.map((name) => [name, ''])), ...env };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Heartbeat check of the Gas Town named below. Written by "gt schedule install", which replaces this file. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xml(labelOf(town))}</string>
  <key>ProgramArguments</key>
  <array>
${commandOf(registration)
  .map((word) => `    <string>${xml(word)}</string>`)
  .join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${Object.entries(variables)
  .map(([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`)
  .join('\n')}
  </dict>
  <key>StartInterval</key>
  <integer>${everyMinutes * 60}</integer>
  <key>RunAtLoad</key>
  <true/>
  <key>WatchPaths</key>
  <array>
    <string>${xml(`${town}/mail/deacon/new`)}</string>
  </array>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>ExitTimeOut</key>
  <integer>${limitSeconds}</integer>
  <key>StandardErrorPath</key>
  <string>${xml(`${town}/daemon/launchd.log`)}</string>
</dict>
</plist>
`;
}

/** What an installed definition says; empty where it is not one of ours. */
export function parsePlist(text: string): {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly everyMinutes: number | null;
} {
  const [, args = ''] = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text) ?? [];
  const [, variables = ''] = /<key>EnvironmentVariables<\/key>\s*<dict>([\s\S]*?)<\/dict>/.exec(text) ?? [];
  const [, seconds] = /<key>StartInterval<\/key>\s*<integer>(\d+)<\/integer>/.exec(text) ?? [];
  const pairs = [...variables.matchAll(/<key>([^<]*)<\/key>\s*<string>([^<]*)<\/string>/g)].map(
    ([, name = '', value = '']) => [plainText(name), plainText(value)] as const,
  );
  return {
    env: Object.fromEntries(pairs.filter(([name]) => !cleared.some((one) => one === name))),
    command: [...args.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => plainText(word)),
    everyMinutes: seconds === undefined ? null : Number(seconds) / 60,
  };
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function plainText(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
