import { TraceError } from "./trace-error.ts";

/**
 * The check digit that belongs behind these digits: GS1 General Specifications, 7.9.1, weights 3 and 1
 * from the right, modulo 10. Throws BAD_IDENTIFIER for anything but digits.
 */
export function checkDigitOf(digits: string): string {
  if (!/^[0-9]*$/.test(digits))
    throw new TraceError("BAD_IDENTIFIER", `"${digits.slice(0, 40)}" is not all digits`);
  let sum = 0;
  for (let i = 0; i < digits.length; i++)
    sum += (digits.charCodeAt(i) - 0x30) * ((digits.length - i) % 2 === 0 ? 1 : 3);
  return String((10 - (sum % 10)) % 10);
}

/** Demands that the last digit is the check digit of those before it. Throws BAD_IDENTIFIER. */
export function requireCheckDigit(key: string): void {
  if (key === "") throw new TraceError("BAD_IDENTIFIER", "nothing has no check digit");
  const wanted = checkDigitOf(key.slice(0, -1));
  checkDigitOf(key); // the last one must be a digit too
  if (!key.endsWith(wanted))
    throw new TraceError("BAD_IDENTIFIER", `the check digit of ${key} should be ${wanted}`);
}

/**
 * Demands that the last two characters are the check pair of those before them: GS1 General
 * Specifications, 7.9.5, for GMN and MUDI. Throws BAD_IDENTIFIER.
 */
export function requireCheckPair(key: string): void {
  if (key.length < 2)
    throw new TraceError("BAD_IDENTIFIER", `"${key}" is too short for a check pair`);
  if (key.length > 2 + PRIMES.length)
    throw new TraceError(
      "BAD_IDENTIFIER",
      `${key.length} characters are too long for a check pair`,
    );
  const wanted = checkPairOf(key.slice(0, -2));
  if (!key.endsWith(wanted))
    throw new TraceError("BAD_IDENTIFIER", `the check pair of ${key} should be ${wanted}`);
}

/** Demands that the key can start with a GS1 Company Prefix: four digits at least. Throws BAD_IDENTIFIER. */
export function requireCompanyPrefix(key: string): void {
  if (!/^[0-9]{4}/.test(key))
    throw new TraceError("BAD_IDENTIFIER", `"${key.slice(0, 40)}" starts with no company prefix`);
}

// GS1 General Specifications, figures 7.11-1 and 7.11-3: a character's value is its place here.
const CSET_82 =
  "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

// As many weights as the longest element string can need; and none for who checks digits only.
const PRIMES = /* @__PURE__ */ primesBelow(510);

function checkPairOf(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const value = CSET_82.indexOf(text.charAt(i));
    if (value < 0)
      throw new TraceError("BAD_IDENTIFIER", `"${text.charAt(i)}" is not in GS1 character set 82`);
    sum += value * (PRIMES[text.length - 1 - i] ?? 0);
  }
  sum %= 1021;
  return CSET_32.charAt(sum >> 5) + CSET_32.charAt(sum & 31);
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = [];
  for (let n = 2; n < limit; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
