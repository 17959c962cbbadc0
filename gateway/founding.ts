import { Contract, type Wallet } from "ethers";

import { PARTIES_ABI } from "./chain/contracts.ts";
import { toHex, type Hex } from "./core/bytes.ts";
import { contentHash } from "./core/canonical.ts";
import { sha256OfText } from "./core/hash.ts";
import { ROLES, type Deployment } from "./core/operations.ts";
import { idOf, type Words } from "./core/recording.ts";
import type { Document } from "./core/statement.ts";
import { TraceError } from "./core/trace-error.ts";
import type { ChainView } from "./index/chain-view.ts";
import type { Store } from "./store/open.ts";
import { insertCode, saveUris } from "./store/people.ts";
import { foundersOf, saveFounder, withdrawOperatorsCodes } from "./store/views.ts";

/** A key that governance enrols, because nobody is there yet who could. Times in seconds. */
export type Founding = {
  readonly uri: string;
  readonly name: Words;
  readonly keyId: Hex;
  readonly roles: number;
  readonly from: number;
  readonly until: number;
};

/** The document of a founder, whose hash the chain keeps. */
export const founderDocument = ({ uri, name }: Pick<Founding, "uri" | "name">): Document => ({
  type: "Party",
  uri,
  name,
});

/**
 * Makes a founder's key known to the chain by governance's own account, one after another; a key that is known already is
 * left as it is. The document is kept before the chain takes its hash, so that no founder is without a name.
 */
export function foundingBy(
  governance: Wallet,
  { store, chain, deployment }: Parts,
): (founding: Founding) => Promise<void> {
  const parties = new Contract(deployment.parties, PARTIES_ABI, governance);
  const make = async (founding: Founding): Promise<void> => {
    const { uri, keyId, roles, from, until } = founding;
    const [known] = await chain.keys([keyId]);
    if (known !== undefined && known.until !== 0) return;
    const document = founderDocument(founding);
    await store.write(async (transaction) => {
      await saveFounder(transaction, { key: keyId, document });
      await saveUris(transaction, [{ hash: idOf(uri), uri }]);
    });
    const content = toHex(contentHash(document));
    const sent = await parties
      .getFunction("found")
      .send(idOf(uri), keyId, roles, from, until, content);
    await sent.wait();
  };
  let turn: Promise<void> = Promise.resolve();
  return (founding) => {
    const before = turn;
    const result = (async () => {
      await before;
      return make(founding);
    })();
    turn = result.catch(() => undefined);
    return result;
  };
}

type Parts = {
  readonly store: Store;
  readonly chain: ChainView;
  readonly deployment: Deployment;
};

// Without the letters and digits that people mistake for others (Crockford's base 32).
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The keys that founded. A document alone is none of them: a gateway that ended before the chain took its hash has one of
 * somebody who never came to be.
 */
export async function foundingKeys({
  store,
  chain,
}: Pick<Parts, "store" | "chain">): Promise<readonly Hex[]> {
  const keys = (await foundersOf(store.db)).map(({ key }) => key);
  const states = await chain.keys(keys);
  return keys.filter((_, i) => (states[i]?.until ?? 0) !== 0);
}

/**
 * A code by which the operator's first party may enrol a key, as long as it has none: of 80 random bits, and only its hash
 * is kept, so a new start means a new code. Undefined where a founder is there, and where one is kept of whom the chain cannot be
 * asked: a gateway starts without its chain, and its next start asks again.
 */
export async function inviteFounder(
  { store, chain }: Pick<Parts, "store" | "chain">,
  { uri, name, random, now }: Invitation,
): Promise<string | undefined> {
  await withdrawOperatorsCodes(store.db, OPERATOR);
  const founders = await foundingKeys({ store, chain }).catch(unsaid);
  if (founders === undefined || founders.length > 0) return undefined;
  const letters = Array.from(random(16), (byte) => ALPHABET.charAt(byte & 31)).join("");
  await store.write((transaction) =>
    insertCode(transaction, {
      codeHash: codeHashOf(letters),
      subject: { uri, name },
      roles: ROLES.authority,
      label: "founder",
      byParty: OPERATOR,
      createdAt: now(),
    }),
  );
  return letters.replaceAll(/(.{4})(?=.)/g, "$1-"); // to be read out; the door takes it with or without dashes
}

// What a node answers that is away or talks nonsense, which /readyz tells.
function unsaid(error: unknown): undefined {
  if (!(error instanceof TraceError)) throw error;
}

type Invitation = Pick<Founding, "uri" | "name"> & {
  readonly random: (length: number) => Uint8Array;
  readonly now: () => number;
};

/** What is stored of a code: SHA-256 of its NFC text. */
export const codeHashOf = (code: string): Hex => toHex(sha256OfText(code));

/** Who handed out the operator's own codes: nobody on the chain. */
export const OPERATOR: Hex = `0x${"0".repeat(64)}`;
