import type { Words } from "./core/recording.ts";
import { TraceError, type TraceErrorCode } from "./core/trace-error.ts";

/** A refusal that a door tells in words of its own, because those of its code would mislead. */
export class WordedError extends TraceError {
  readonly words: Words;

  constructor(code: TraceErrorCode, message: string, words: Words) {
    super(code, message);
    this.words = words;
  }
}
