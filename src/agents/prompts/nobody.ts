/** For somebody who runs `gt prime` and is no agent of the town. */
export function visitorText(root: string): string {
  return `# You are in the town ${root}

Nothing says which agent you are: GT_ROLE names none of this town, and this directory belongs to none. \`gt status\` shows the town and its agents,
\`gt mail inbox\` the mail for the person who owns it, \`gt --help\` everything there is.
`;
}

/** For somebody outside any town. */
export const outsideText = `This directory is in no town of agents, so there is nothing to brief you on. \`gt install DIR\` makes one.
`;
