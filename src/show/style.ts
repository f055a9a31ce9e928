export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'bold';

/** Puts a text in a tone; on a plain terminal, the text itself. */
export type Style = (tone: Tone, text: string) => string;

export const plain: Style = (_, text) => text;
