/** The same judge in all its words, for whoever asks what exactly was found: a copy for itself (web/words-apart.ts). */
export { judgeOnline } from "./judge.ts";
