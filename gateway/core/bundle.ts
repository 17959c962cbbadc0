import { type Hex } from "./bytes.ts";
import type { Deployment } from "./operations.ts";
import type { Opening } from "./sealed.ts";
import {
  isObject,
  parseSignedStatement,
  type Document,
  type SignedStatement,
} from "./statement.ts";
import { TraceError } from "./trace-error.ts";

/** A statement with the block time (seconds) at which the chain took it; the heads prove the times of operations. */
export type Recorded = SignedStatement & { readonly time: number };

/** A reading pack exactly as its device sent it, with its place in the log. */
export type LoggedPack = {
  readonly envelope: string; // base64url
  readonly index: number;
  readonly received?: number; // ms since 1970 when the gateway had it: its word, which only explains
  readonly proof: readonly string[]; // RFC 9162 inclusion proof to the bundle's checkpoint, base64url, leaf to root
};

/** The document of a party whose key governance enrolled by hand: nobody signed it, the chain holds its hash. */
export type Founder = { readonly key: Hex; readonly document: Document };

/** A log of readings by its checkpoints' origin line and its Ed25519 key (base64url). */
export type Log = { readonly origin: string; readonly publicKey: string };

/** Everything that a stranger needs to judge one lot, and nothing that must be believed. Version 1. */
export type Bundle = {
  readonly format: "plotline-trail";
  readonly version: 1;
  readonly lot: string; // GS1 Digital Link URI
  readonly deployment: Deployment;
  readonly log: Log;
  readonly statements: readonly Recorded[]; // in the order of the chain
  readonly founders: readonly Founder[];
  readonly checkpoint: string | null; // signed note; null when no pack is shown
  readonly anchors: readonly number[]; // sizes of the log: where to ask the chain by when it had the packs
  readonly packs: readonly LoggedPack[]; // by device, epoch, seq
  readonly devices: readonly Hex[]; // public keys (uncompressed points) of the devices that signed the packs
  readonly openings: readonly Opening[];
};

/** Limits that keep a reader safe: beyond them a bundle is refused before any work is done. */
export const LIMITS = {
  statements: 20_000,
  portions: 100_000, // in all operations together
  anchors: 400,
  packs: 50_000,
  devices: 1_000,
  openings: 10_000,
} as const;

const text = (value: unknown, what: string, most = 2_000): string => {
  if (typeof value !== "string" || value.length > most)
    throw new TraceError("BAD_BUNDLE", `${what} is not a text of up to ${most} characters`);
  return value;
};

const whole = (value: unknown, what: string): number => {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw new TraceError("BAD_BUNDLE", `${what} is not a whole number`);
  return Number(value);
};

function list(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new TraceError("BAD_BUNDLE", `${what} is not a list`);
  if (value.length > most) throw new TraceError("TOO_LARGE", `${what} has more than ${most} items`);
  return value;
}

function members(value: unknown, names: readonly string[], what: string) {
  if (!isObject(value)) throw new TraceError("BAD_BUNDLE", `${what} is not an object`);
  const odd = Object.keys(value).find((name) => !names.includes(name));
  if (odd !== undefined)
    throw new TraceError("BAD_BUNDLE", `${what} has an unknown member "${odd.slice(0, 40)}"`);
  return value;
}

const CONTRACTS = ["parties", "lots", "certificates", "checkpoints"] as const;

/** Chain id and addresses. Throws BAD_BUNDLE. */
export function parseDeployment(value: unknown): Deployment {
  const given = members(value, ["chainId", ...CONTRACTS], "deployment");
  const [parties, lots, certificates, checkpoints] = CONTRACTS.map((name) => {
    const address = given[name];
    if (typeof address !== "string" || !/^0x[0-9a-f]{40}$/.test(address))
      throw new TraceError("BAD_BUNDLE", `deployment.${name} is not an address in lower case`);
    return address as Hex;
  }) as [Hex, Hex, Hex, Hex];
  return { chainId: whole(given["chainId"], "chainId"), parties, lots, certificates, checkpoints };
}

/** Whose log it is. Throws BAD_BUNDLE. */
export function parseLog(value: unknown): Log {
  const { origin, publicKey } = members(value, ["origin", "publicKey"], "log");
  return { origin: text(origin, "log.origin"), publicKey: text(publicKey, "log.publicKey", 43) };
}

function parseRecorded(value: unknown, at: number): Recorded {
  if (!isObject(value)) throw new TraceError("BAD_BUNDLE", `statements[${at}] is not an object`);
  const { time, ...signed } = value;
  return { ...parseSignedStatement(signed), time: whole(time, `statements[${at}].time`) };
}

function parseFounder(value: unknown): Founder {
  const { key, document } = members(value, ["key", "document"], "a founder");
  if (typeof key !== "string" || !/^0x[0-9a-f]{64}$/.test(key) || !isObject(document))
    throw new TraceError("BAD_BUNDLE", "a founder is not a key's id and a document");
  return { key: key as Hex, document };
}

function parsePack(value: unknown, at: number): LoggedPack {
  const what = `packs[${at}]`;
  const names = ["envelope", "index", "received", "proof"];
  const { envelope, index, received, proof } = members(value, names, what);
  return {
    envelope: text(envelope, `${what}.envelope`, 100_000),
    index: whole(index, `${what}.index`),
    ...(received !== undefined && { received: whole(received, `${what}.received`) }),
    proof: list(proof, `${what}.proof`, 64).map((hash) => text(hash, "a proof's hash", 43)),
  };
}

function parseOpening(value: unknown): Opening {
  const given = members(value, ["name", "value", "salt"], "an opening");
  return {
    name: text(given["name"], "an opening's name"),
    value: given["value"],
    salt: text(given["salt"], "an opening's salt", 100),
  };
}

function parseStatements(value: unknown): readonly Recorded[] {
  const statements = list(value, "statements", LIMITS.statements).map(parseRecorded);
  const portions = statements.reduce(
    (sum, { name, statement }) =>
      name === "Operation" ? sum + statement.inputs.length + statement.outputs.length : sum,
    0,
  );
  if (portions > LIMITS.portions)
    throw new TraceError("TOO_LARGE", `the operations name lots ${portions} times`);
  return statements;
}

/**
 * A bundle from a stranger: of the right shape and size, every document the one whose hash was signed.
 * Nothing else is believed yet: `verifyTrail` judges. Throws BAD_BUNDLE, TOO_LARGE and what statements throw.
 */
export function parseBundle(value: unknown): Bundle {
  const given = members(
    value,
    [
      "format",
      "version",
      "lot",
      "deployment",
      "log",
      "statements",
      "founders",
      "checkpoint",
      "anchors",
      "packs",
      "devices",
      "openings",
    ],
    "the bundle",
  );
  if (given["format"] !== "plotline-trail" || given["version"] !== 1)
    throw new TraceError("BAD_BUNDLE", "not a plotline-trail of version 1");
  return {
    format: "plotline-trail",
    version: 1,
    lot: text(given["lot"], "lot"),
    deployment: parseDeployment(given["deployment"]),
    log: parseLog(given["log"]),
    statements: parseStatements(given["statements"]),
    founders: list(given["founders"], "founders", LIMITS.devices).map(parseFounder),
    checkpoint:
      given["checkpoint"] === null ? null : text(given["checkpoint"], "checkpoint", 10_000),
    anchors: list(given["anchors"] ?? [], "anchors", LIMITS.anchors).map((size) =>
      whole(size, "an anchor's size"),
    ),
    packs: list(given["packs"], "packs", LIMITS.packs).map(parsePack),
    devices: list(given["devices"], "devices", LIMITS.devices).map((key) => {
      if (typeof key !== "string" || !/^0x04[0-9a-f]{128}$/.test(key))
        throw new TraceError("BAD_BUNDLE", "a device's key is not an uncompressed point");
      return key as Hex;
    }),
    openings: list(given["openings"], "openings", LIMITS.openings).map(parseOpening),
  };
}
