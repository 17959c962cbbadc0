/** The verifier's own words for what it found; on the lot's page they wait in a file of their own (web/messages-apart.ts). */
const MESSAGE = /«(\d+)((?:¦[^«»¦]*)*)»/;

/** The same texts with their words put back, from the innermost; as they are where the words cannot be had. */
export async function exactWords(texts: readonly string[]): Promise<readonly string[]> {
  if (!texts.some((text) => MESSAGE.test(text))) return texts;
  const messages = await import("virtual:messages").then(
    ({ default: words }) => words,
    (): readonly string[] => [],
  );
  return messages.length === 0 ? texts : texts.map((text) => wordsOf(text, messages));
}

function wordsOf(text: string, messages: readonly string[]): string {
  const found = MESSAGE.exec(text);
  if (found === null) return text;
  const [all, number = "", values = ""] = found;
  const gaps = values.split("¦").slice(1);
  const words = messages[Number(number)]?.split("¦") ?? [];
  const whole = words.reduce((before, after, i) => before + (gaps[i - 1] ?? "") + after);
  return wordsOf(
    text.slice(0, found.index) + whole + text.slice(found.index + all.length),
    messages,
  );
}
