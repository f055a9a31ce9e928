/** The words by which agents' screens are recognised, after the screens of the runtimes we know (design F31, F39, F55). */

/** The agent may not work before a limit ends. Announcements of a limit that is near are no limit. */
const limit =
  /\b(?:session|usage|weekly|daily|monthly|rate|5-hour|five-hour|opus|quota)\s+limit\b.*\b(?:reached|exceeded|hit|resets?)\b|\b(?:hit|reached|exceeded) (?:your|the) (?:\S+ ){0,2}limit\b|\blimit reached\b|\brate-limit-options\b|\bquota exceeded\b|\bout of (?:extra )?usage\b|\bresets? (?:at )?\d{1,2}(?::\d\d)?\s?[ap]m\b/i;
/** A context that is full is no limit that ends by waiting. */
const limitNear = /\bapproaching\b|\d+\s?% (?:used|of|left)|\bcontext (?:window )?limit\b/i;

/** The agent has no valid login. */
const login =
  /\bnot logged in\b|\brun \/login\b|\bselect (?:a )?login method\b|\blog ?in (?:with|to continue)\b|\bsign in (?:with|to)\b|\bpaste (?:the |your )?code\b|\binvalid api key\b|\boauth (?:token|session)\b.*\bexpired\b|\bauthentication_error\b/i;

/** Something asks for a choice that is not ours to make. */
const question =
  /\bdo you (?:want|wish|trust|accept)\b|\bwould you like to\b|\btrust (?:this|the files)\b|\bquick safety check\b|\bbypass permissions mode\b|\byes, i accept\b|\ballow (?:once|always|this)\b|\brewind\b|\brestore (?:the )?(?:code|conversation)\b|\bpress enter to\b|\bwhat do you want to do\?/i;

/** The foot of a menu. */
const menuFoot = /\benter to (?:confirm|select|continue)\b|\besc to (?:cancel|exit|go back)\b|[([]y\/n[)\]]/i;

/** One choice of a numbered menu, with or without the pointer. */
export const choice = /^\s*(?:[❯›>▶→●○◉•*]\s*)?\d{1,2}[.)]\s+\S/u;
export const pointedChoice = /^\s*[❯›>▶→●◉]\s*\d{1,2}[.)]\s+\S/u;

/** A shell's prompt, alone on its line. */
export const shellPrompt = /^(?:.{0,80}[^\s\d])?\s?[$#]$|^(?:.{0,80}[^\s\d])?%$/;

export const isLimit = (text: string): boolean => limit.test(text) && !limitNear.test(text);
export const isLogin = (text: string): boolean => login.test(text);
export const isQuestion = (text: string): boolean => question.test(text);
export const isMenuFoot = (text: string): boolean => menuFoot.test(text);
