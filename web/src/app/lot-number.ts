// Without I, L, O and U: nobody mixes them up on a sack, and no words come about.
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A lot number that starts with a letter: kind, day as yymmdd, and `random` bytes as characters. `time` in ms. */
export function lotNumber(letter: string, time: number, random: Uint8Array): string {
  const day = new Date(time + 7 * 3_600_000).toISOString(); // Viet Nam's day
  return `${letter}${day.slice(2, 4)}${day.slice(5, 7)}${day.slice(8, 10)}-${codeOf(random)}`;
}

/** One character of 32 for each byte. */
export const codeOf = (random: Uint8Array): string =>
  [...random].map((byte) => LETTERS.charAt(byte & 31)).join("");

export const randomBytes = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length));

/** An enrolment code of 60 random bits, in three groups: "K7QF-2M9X-4TPD". */
export const enrolmentCode = (random: Uint8Array): string =>
  (codeOf(random).match(/.{4}/g) ?? []).join("-");
