import { paddedTo } from "./hash.ts";

/**
 * Keccak-256 as Ethereum has it (the Keccak submission's padding, not that of FIPS 202) over the
 * parts one after another. Written out for the reason that hash.ts gives.
 */
export function keccak256(...parts: readonly Uint8Array[]): Uint8Array {
  const { padded, length } = paddedTo(RATE, 1, parts);
  padded[length] = 0x01;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  const view = new DataView(padded.buffer);
  const state = new Int32Array(50);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / 4; i++)
      state[i] = (state[i] as number) ^ view.getInt32(block + 4 * i, true);
    permute(state);
  }
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, state[i] as number, true);
  return padded.slice(0, 32);
}

const RATE = 136;
const ROUNDS = 24;

// FIPS 202, 3.2.2 and 3.2.3: where the lane that is moved t-th goes, and how far it is turned.
const TO = new Uint8Array(ROUNDS);
const BY = new Uint8Array(ROUNDS);
for (let t = 0, x = 1, y = 0; t < ROUNDS; t++) {
  [x, y] = [y, (2 * x + 3 * y) % 5];
  TO[t] = 2 * (x + 5 * y);
  BY[t] = (((t + 1) * (t + 2)) / 2) % 64;
}

// FIPS 202, 3.2.5: the round constants, low and high word, from the bits of a shift register.
const CONSTANTS = new Int32Array(2 * ROUNDS);
for (let round = 0, register = 1; round < ROUNDS; round++)
  for (let j = 0; j < 7; j++) {
    const bit = (1 << j) - 1;
    const word = 2 * round + (bit >> 5);
    if (register & 1) CONSTANTS[word] = (CONSTANTS[word] as number) ^ (1 << (bit & 31));
    register = (register << 1) ^ ((register >> 7) * 0x171);
  }

// One row of lanes, twice over so that no index need wrap, serves all calls: nothing here waits.
const C = new Int32Array(20);

/** Keccak-f[1600] on 25 lanes, each as low and high word; the steps have the standard's names. */
function permute(s: Int32Array): void {
  for (let round = 0; round < ROUNDS; round++) {
    theta(s);
    rhoAndPi(s);
    chi(s);
    s[0] = (s[0] as number) ^ (CONSTANTS[2 * round] as number);
    s[1] = (s[1] as number) ^ (CONSTANTS[2 * round + 1] as number);
  }
}

function theta(s: Int32Array): void {
  for (let i = 0; i < 10; i++)
    C[i + 10] = C[i] =
      (s[i] as number) ^
      (s[i + 10] as number) ^
      (s[i + 20] as number) ^
      (s[i + 30] as number) ^
      (s[i + 40] as number);
  for (let x = 0; x < 10; x += 2) {
    const low = C[x + 2] as number;
    const high = C[x + 3] as number;
    const d0 = (C[x + 8] as number) ^ ((low << 1) | (high >>> 31));
    const d1 = (C[x + 9] as number) ^ ((high << 1) | (low >>> 31));
    for (let i = x; i < 50; i += 10) {
      s[i] = (s[i] as number) ^ d0;
      s[i + 1] = (s[i + 1] as number) ^ d1;
    }
  }
}

function rhoAndPi(s: Int32Array): void {
  let low = s[2] as number;
  let high = s[3] as number;
  for (let t = 0; t < ROUNDS; t++) {
    const to = TO[t] as number;
    // A turn by more than 32 (never by 32 itself) exchanges the words, and turns by the rest.
    const far = (BY[t] as number) > 32;
    const by = (BY[t] as number) & 31;
    const a = far ? high : low;
    const b = far ? low : high;
    low = s[to] as number;
    high = s[to + 1] as number;
    s[to] = (a << by) | (b >>> (32 - by));
    s[to + 1] = (b << by) | (a >>> (32 - by));
  }
}

function chi(s: Int32Array): void {
  for (let row = 0; row < 50; row += 10) {
    for (let i = 0; i < 10; i++) C[i + 10] = C[i] = s[row + i] as number;
    for (let i = 0; i < 10; i++)
      s[row + i] = (C[i] as number) ^ (~(C[i + 2] as number) & (C[i + 4] as number));
  }
}
