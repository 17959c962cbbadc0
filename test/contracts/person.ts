import { p256 } from "@noble/curves/nist.js";

import { fromHex, toBase64Url, toHex, type Hex } from "../../gateway/core/bytes.ts";
import { encodeCall } from "../../gateway/core/calls.ts";
import { sha256, sha256OfText } from "../../gateway/core/hash.ts";
import {
  digestOf,
  type Deployment,
  type StatementName,
  type Statements,
} from "../../gateway/core/operations.ts";
import type { SignedStatement } from "../../gateway/core/statement.ts";

/** Somebody with a P-256 key of a party; `number` counts what was signed. */
export type Person = {
  readonly party: Hex;
  readonly key: Hex;
  readonly publicKey: Hex;
  readonly secret: Uint8Array;
  number: number;
};

/** The person whose secret comes from `name`, always the same. */
export function personOf(name: string, party: Hex): Person {
  const secret = sha256OfText(name);
  const point = p256.getPublicKey(secret, false);
  return { party, key: toHex(sha256(point)), publicKey: toHex(point), secret, number: 0 };
}

/** What a person still has to say after party, key and number. */
export type Said<N extends StatementName> = Omit<Statements[N], "party" | "key" | "number"> &
  Partial<Pick<Statements[N], "party" | "key" | "number">>;

/** A statement of `person`, signed with the person's next number; its document is left out. */
export function signedBy<N extends StatementName>(
  deployment: Deployment,
  person: Person,
  name: N,
  said: Said<N>,
): SignedStatement<N> {
  const statement = {
    party: person.party,
    key: person.key,
    number: ++person.number,
    ...said,
  } as unknown as Statements[N];
  const digest = fromHex(digestOf(deployment, name, statement), 32);
  const signature = toBase64Url(p256.sign(digest, person.secret, { lowS: true }));
  const signed = { name, statement, publicKey: person.publicKey, signature, document: null };
  return signed as SignedStatement<N>;
}

/** The call that carries the same. */
export const signedCall = <N extends StatementName>(
  deployment: Deployment,
  person: Person,
  name: N,
  said: Said<N>,
): Hex => encodeCall(signedBy(deployment, person, name, said));
