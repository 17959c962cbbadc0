import { concatBytes, utf8ToBytes } from "./bytes.ts";

/**
 * SHA-256 (FIPS 180-4) over the parts one after another: the one hash of this system (EIP-712 alone
 * forces keccak). It is written out here because a bundler
 * cannot take it from a library without the rest of SHA-2, and a reader's phone waits for each kB.
 */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const { padded, length } = paddedTo(BLOCK, 9, parts);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(padded.length - 4, length * 8);
  const state = Int32Array.from(START);
  for (let block = 0; block < padded.length; block += BLOCK) compress(state, view, block);
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, state[i] ?? 0);
  return padded.slice(0, 32);
}

/** The parts one after another (`length` bytes), and at least so many zeros as fill the last block. */
export function paddedTo(block: number, least: number, parts: readonly Uint8Array[]) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const pad = new Uint8Array(Math.ceil((length + least) / block) * block - length);
  return { padded: concatBytes(...parts, pad), length };
}

/** SHA-256 of a text's NFC form in UTF-8. */
export const sha256OfText = (text: string): Uint8Array =>
  sha256(utf8ToBytes(text.normalize("NFC")));

const BLOCK = 64;

// FIPS 180-4, 4.2.2 and 5.3.3: constants that hide nothing, being bits of the roots of primes.
const PRIMES = [2, 3];
for (let n = 5; PRIMES.length < 64; n += 2) if (PRIMES.every((p) => n % p !== 0)) PRIMES.push(n);
const ROUND = Int32Array.from(PRIMES, (prime) => fractionOfRoot(prime, 3n));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionOfRoot(prime, 2n));

/** The first 32 bits behind the point of the square or cube root of a small prime. */
function fractionOfRoot(prime: number, degree: bigint): number {
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n)
    if ((root + bit) ** degree <= BigInt(prime) << (32n * degree)) root += bit;
  return Number(BigInt.asIntN(32, root));
}

// One schedule serves all calls: nothing here waits, so no two can be at it at once.
const W = new Int32Array(64);

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** FIPS 180-4, 6.2.2, with the names that the standard has. */
function compress(state: Int32Array, view: DataView, block: number): void {
  for (let t = 0; t < 16; t++) W[t] = view.getInt32(block + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15] as number;
    const y = W[t - 2] as number;
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    W[t] = ((W[t - 16] as number) + s0 + (W[t - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t1 = (h + s1 + choice + (ROUND[t] as number) + (W[t] as number)) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + s0 + majority) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}
