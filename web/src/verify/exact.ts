/** The verifier's own words for what it found; on the lot's page they wait in a file of their own (web/messages-apart.ts). */
const MESSAGE = /«(\d+)((?:¦[^«»¦]*)*)»/g;

/** The same texts with their words put back; as they are where the words cannot be had. */
export const exactWords = (texts: readonly string[]): Promise<readonly string[]> =>
  import("virtual:messages").then(
    ({ default: messages }) => texts.map((text) => wordsOf(text, messages)),
    () => texts,
  );

/** From the innermost: messages may lie within values. */
function wordsOf(text: string, messages: readonly string[]): string {
  const next = text.replace(MESSAGE, (_, number: string, values: string) => {
    const gaps = values.split("¦");
    const parts = messages[Number(number)]?.split("¦") ?? [];
    return parts.map((part, i) => (gaps[i] ?? "") + part).join("");
  });
  return next === text ? text : wordsOf(next, messages);
}
