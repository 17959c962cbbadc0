/**
 * The text without the characters at its end that are all in `idle`. From the end on: a regular expression for "these, then
 * the end" begins anew at each of them, and costs the square of a long run.
 */
export function withoutEnd(text: string, idle: string): string {
  let end = text.length;
  while (end > 0 && idle.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
