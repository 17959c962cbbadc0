import { raw, Router, type Request, type Response } from "express";

import type { Hex } from "../core/bytes.ts";
import { MAX_PACK_BYTES } from "../core/envelope.ts";
import { keyIdOf } from "../core/key-id.ts";
import { TraceError } from "../core/trace-error.ts";
import { PackRefusal, type PackIntake } from "../capture-pack.ts";
import type { PublicKeys } from "../device-keys.ts";
import type { LogSigner } from "../log-signer.ts";
import { receiptOf } from "../receipts.ts";
import { refusedPack } from "../refused-packs.ts";
import type { Sql } from "../store/schema.ts";
import { failureOf, STATUS } from "./failures.ts";
import { idParam } from "./params.ts";
import { rateLimit } from "./rate-limit.ts";

export type ReadingsParts = {
  readonly db: Sql;
  readonly intake: Pick<PackIntake, "capture">;
  readonly learn: PublicKeys["learn"];
  readonly signer: LogSigner;
  readonly now: () => number; // ms
};

/** RFC 9052, 11.3.3, and RFC 7515, 9.2.1; with parameters or without. */
const COSE = "application/cose";
const JOSE = "application/jose";
const KEY_BYTES = 65;

/**
 * The door for sensors without MQTT. `POST /api/readings/{device}`: one pack, durable before the answer;
 * `PUT /api/devices/{device}/key`: its public key; `GET /api/devices/{device}/receipt[?epoch]`: what it may forget.
 */
export function readingsRouter({ db, intake, learn, signer, now }: ReadingsParts): Router {
  const router = Router();
  const limit = rateLimit({ points: 6_000, seconds: 60 });

  router.post(
    "/api/readings/:device",
    limit,
    raw({ type: [COSE, JOSE], limit: MAX_PACK_BYTES }),
    async (request, response) => {
      const device = idParam(String(request.params["device"]));
      const bytes = bytesOf(request);
      requireForm(request.is(COSE) !== false, bytes);
      const taken = await intake.capture(device, bytes).catch((failure: unknown) => {
        if (failure instanceof PackRefusal) return failure;
        throw failure;
      });
      if (taken instanceof PackRefusal) return refuse(response, signer, device, taken);
      const { epoch, seq, fate } = taken;
      const receipt = `/api/devices/${device.slice(2)}/receipt?epoch=${epoch}`;
      response.status(fate === "new" ? 201 : 200).json({ device, epoch, seq, fate, receipt });
    },
  );

  router.put(
    "/api/devices/:device/key",
    limit,
    raw({ type: "application/octet-stream", limit: KEY_BYTES }),
    (request, response) => {
      const device = idParam(String(request.params["device"]));
      const key = bytesOf(request);
      if (keyIdOf(key) !== device)
        throw new TraceError("BAD_KEY", `the public key is not the one of ${device}`);
      learn(device, key);
      response.status(204).end();
    },
  );

  router.get("/api/devices/:device/receipt", limit, async (request, response) => {
    const device = idParam(String(request.params["device"]));
    const receipt = await receiptOf(
      { db, signer, now },
      device,
      epochParam(request.query["epoch"]),
    );
    if (receipt === undefined)
      throw new TraceError("NOT_FOUND", `the log has no unbroken run of packs of ${device} yet`);
    response.setHeader("Cache-Control", "no-store");
    response.type(JOSE).send(receipt);
  });
  return router;
}

/** The bytes of a body that express read, as its type is one that the door knows. Throws BAD_ENCODING. */
function bytesOf({ body, headers }: Request): Uint8Array {
  if (body instanceof Uint8Array && body.length > 0) return new Uint8Array(body);
  const type = headers["content-type"] ?? "no type";
  throw new TraceError(
    "BAD_ENCODING",
    `a body of "${type.slice(0, 80)}" is not what is taken here`,
  );
}

/** Tag 18 or an array of four begins a COSE_Sign1 (RFC 9052, 4.2); no JWS begins like that. */
function requireForm(asCose: boolean, [first]: Uint8Array): void {
  if (asCose !== (first === 0xd2 || first === 0x84))
    throw new TraceError("BAD_ENCODING", `the body is not what its type says: ${COSE} or ${JOSE}`);
}

/** Tells a device what it is told over MQTT, with the log's own word where it did sign the pack. */
async function refuse(
  response: Response,
  signer: LogSigner,
  device: Hex,
  refusal: PackRefusal,
): Promise<void> {
  const failure = await failureOf(refusal, async () => new Map());
  const error = { ...failure, ...(await refusedPack(signer, device, refusal)) };
  response.status(STATUS[refusal.code]).json({ error });
}

function epochParam(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const epoch = Number(value);
  if (!/^\d+$/.test(String(value)) || !Number.isSafeInteger(epoch))
    throw new TraceError("BAD_ENCODING", "epoch is a whole number");
  return epoch;
}
