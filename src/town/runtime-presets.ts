import type { Runtime } from '../model/config.ts';

/**
 * Runtimes known by name (spec/agents.md §6.2). Agents work unattended, so the presets carry the flag with which each
 * runtime stops asking before it acts; it is used only where the operator's settings choose the preset.
 * `claude-ask`, what runs when nobody chose, is the exception: it asks.
 * Empty marks, busy and context texts: not known for that runtime, which makes nudges careful.
 */
export const presets: Readonly<Record<string, Runtime>> = {
  claude: claude(['--dangerously-skip-permissions']),
  'claude-ask': claude([]),
  codex: runtime('codex', ['--dangerously-bypass-approvals-and-sandbox'], {
    composer: ['›'],
    busy: ['esc to interrupt'],
    context: ["ran out of room in the model's context window"],
  }),
  gemini: runtime('gemini', ['--approval-mode', 'yolo'], { composer: ['>'], busy: ['esc to cancel'] }),
  // Its argument is a directory, and its --prompt only fills the composer: it is told by its first nudge.
  opencode: runtime('opencode', [], {
    prompt: 'none',
    env: { OPENCODE_PERMISSION: '{"*":"allow"}' },
    processes: ['opencode', 'node', 'bun'],
    busy: ['esc interrupt'],
  }),
  cursor: runtime('cursor-agent', ['-f'], { processes: ['cursor-agent', 'agent'] }),
  // The prompt is the value of its last flag.
  copilot: runtime('copilot', ['--yolo', '-i']),
  amp: runtime('amp', ['--dangerously-allow-all', '--no-ide']),
  auggie: runtime('auggie', ['--allow-indexing']),
  vibe: runtime('vibe', ['--agent', 'auto-approve'], { composer: ['❯'] }),
  pi: runtime('pi', [], { processes: ['pi', 'node', 'bun'] }),
  omp: runtime('omp', [], { processes: ['omp', 'node', 'bun'] }),
  // Claude Code against another endpoint, which the operator names in `env`.
  'groq-compound': claude(['--dangerously-skip-permissions']),
};

/** A runtime as described, the rest by convention: its process bears the command's name, the prompt is an argument. */
export function runtime(command: string, args: readonly string[], more: Partial<Runtime> = {}): Runtime {
  const name = command.slice(command.lastIndexOf('/') + 1);
  return {
    command,
    args,
    env: {},
    processes: [name],
    prompt: 'argument',
    composer: [],
    busy: [],
    context: [],
    hooks: name === 'claude' ? 'claude' : 'none',
    ...more,
  };
}

function claude(args: readonly string[]): Runtime {
  return runtime('claude', args, {
    processes: ['node', 'claude'],
    composer: ['❯', '>'],
    busy: ['esc to interrupt'],
    // Warnings that it is nearly full are not among them: such an agent still works.
    context: [
      'context limit reached',
      'context low (0% remaining)',
      'prompt is too long',
      'conversation too long',
    ],
  });
}
