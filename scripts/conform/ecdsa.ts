import { fromHex } from "../../gateway/core/bytes.ts";
import { verifyP256 } from "../../gateway/core/p256-noble.ts";
import { parsePublicKey } from "../../gateway/core/key-id.ts";
import { fromDer, verifyP256Fast } from "../../gateway/core/p256.ts";
import { TraceError } from "../../gateway/core/trace-error.ts";
import { arrayOf, readJson } from "./suite.ts";
import type { Case, Suite } from "./suite.ts";

interface Group {
  readonly type: string;
  readonly sha: string;
  readonly publicKey: { readonly curve: string; readonly uncompressed: string };
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly msg: string;
    readonly sig: string;
    readonly result: "valid" | "invalid" | "acceptable";
  }[];
}

/**
 * Wycheproof, P-256 with SHA-256: signatures in DER, or `r‖s` where the group's type says P1363.
 */
export const ecdsa: Suite = {
  summary: "Wycheproof: ECDSA on P-256 with SHA-256, DER and P1363, with WebCrypto and without",
  cases: (file) => {
    const groups = (readJson(file) as { testGroups?: unknown } | null)?.testGroups;
    return arrayOf<Group>(groups, "publicKey", "tests", "type")?.flatMap(casesOf);
  },
};

const casesOf = ({ type, sha, publicKey, tests }: Group): readonly Case[] =>
  tests.map(({ tcId, comment, msg, sig, result }) => ({
    name: `${tcId} ${comment}`,
    run: async () => {
      if (sha !== "SHA-256" || publicKey.curve !== "secp256r1")
        throw new Error(`${publicKey.curve} with ${sha} is not judged here`);
      const signature = readSignature(type, fromHex(`0x${sig}`));
      const key = parsePublicKey(fromHex(`0x${publicKey.uncompressed}`));
      const message = fromHex(`0x${msg}`);
      const holds = signature !== undefined && verifyP256(key, message, signature);
      const fast = signature !== undefined && (await verifyP256Fast(key, message, signature));
      if (holds !== fast) throw new Error(`WebCrypto says ${fast}, the other code ${holds}`);
      if (result !== "acceptable" && holds !== (result === "valid"))
        throw new Error(`${holds ? "accepted" : "refused"}, but it is ${result}`);
    },
  }));

/** r‖s, or undefined where the DER is refused. */
function readSignature(type: string, signature: Uint8Array): Uint8Array | undefined {
  if (type.includes("P1363")) return signature;
  try {
    return fromDer(signature);
  } catch (refusal) {
    if (refusal instanceof TraceError) return undefined;
    throw refusal;
  }
}
