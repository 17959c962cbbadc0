import { Contract, type Wallet } from "ethers";

import { PARTIES_ABI } from "./chain/contracts.ts";
import { toHex, type Hex } from "./core/bytes.ts";
import { contentHash } from "./core/canonical.ts";
import type { Deployment } from "./core/operations.ts";
import { idOf, type Words } from "./core/recording.ts";
import type { Document } from "./core/statement.ts";
import type { ChainView } from "./index/chain-view.ts";
import type { Store } from "./store/open.ts";
import { saveFounder } from "./store/views.ts";

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
export function founder(
  governance: Wallet,
  { store, chain, deployment }: Parts,
): (founding: Founding) => Promise<void> {
  const parties = new Contract(deployment.parties, PARTIES_ABI, governance);
  const make = async (founding: Founding): Promise<void> => {
    const { uri, keyId, roles, from, until } = founding;
    const [known] = await chain.keys([keyId]);
    if (known !== undefined && known.until !== 0) return;
    const document = founderDocument(founding);
    await store.write((transaction) => saveFounder(transaction, { key: keyId, document }));
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
