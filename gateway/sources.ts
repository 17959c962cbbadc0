import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { Logger } from "pino";

import { askToEnrol } from "./asking.ts";
import { ConfigError } from "./config.ts";
import { bytesToUtf8, toHex } from "./core/bytes.ts";
import { parseJson } from "./core/canonical.ts";
import { fingerprintOf } from "./core/key-id.ts";
import { ROLES } from "./core/operations.ts";
import { parseSources, type SourceDevice, type SourceServer } from "./core/sources.ts";
import { TraceError } from "./core/trace-error.ts";
import type { KeyOf } from "./device-keys.ts";
import { sourceKey, type SourceKey } from "./source-keys.ts";
import type { Store } from "./store/open.ts";
import { isDefaultPassword } from "./default-secrets.ts";

/** A network server as the gateway knows it: with the password that it logs in by, and the keys of its devices. */
export type Source = Omit<SourceServer, "login" | "devices"> & {
  readonly login?: { readonly user: string; readonly password: string };
  readonly devices: ReadonlyMap<string, SourceDevice & { readonly key: SourceKey }>;
};

/** Reads the sources file and the files of passwords that it names. Throws ConfigError that names the file and every path in it. */
export function readSources(
  file: string,
  { seed, production }: { readonly seed: string; readonly production: boolean },
): readonly Source[] {
  try {
    const text = bytesToUtf8(new Uint8Array(readFileSync(file)));
    return parseSources(parseJson(text)).map(({ login, devices, ...server }) => ({
      ...server,
      ...(login !== undefined && {
        login: { user: login.user, password: passwordOf(login, file, production) },
      }),
      devices: new Map(
        [...devices].map(([name, device]) => [name, { ...device, key: sourceKey(seed, device) }]),
      ),
    }));
  } catch (failure) {
    if (!(failure instanceof TraceError) && !isFileError(failure)) throw failure;
    throw new ConfigError(`SOURCES: ${file}: ${failure.message}`, { cause: failure });
  }
}

const isFileError = (failure: unknown): failure is NodeJS.ErrnoException =>
  failure instanceof Error && "code" in failure && "syscall" in failure;

function passwordOf(
  { user, password, file }: NonNullable<SourceServer["login"]>,
  sources: string,
  production: boolean,
): string {
  const given = password ?? readFileSync(resolve(dirname(sources), file ?? ""), "utf8").trim();
  if (given === "" || (production && isDefaultPassword(given)))
    throw new TraceError("NOT_ALLOWED", `the password of ${user} is empty or a default`);
  return given;
}

/**
 * Asks for the enrolment of keys whose codes are in the sources file, and says what waits: the cooperative compares the
 * fingerprint and approves, as of a device. A code that is not known yet is tried again at the next start.
 */
export async function enrolSources(
  sources: readonly Source[],
  parts: {
    readonly store: Store;
    readonly keyOf: KeyOf;
    readonly now: () => number;
    readonly log: Pick<Logger, "info" | "warn">;
  },
): Promise<void> {
  const { store, keyOf, now, log } = parts;
  for (const { code, key, server, name } of sources.flatMap(({ devices }) => [
    ...devices.values(),
  ])) {
    const about = { server, device: name, key: key.keyId, fingerprint: fingerprintOf(key.keyId) };
    try {
      const state = await keyOf(key.keyId);
      if (state !== undefined) {
        if (state.roles !== ROLES.networkServer)
          log.warn(about, "this source's key is enrolled, but not as a network server's");
        continue;
      }
      if (code !== undefined)
        await askToEnrol(store, {
          code,
          roles: ROLES.networkServer,
          keyId: key.keyId,
          publicKey: toHex(key.publicKey),
          at: now(),
        });
      log.info(
        about,
        code === undefined ? "this source needs a code" : "this source waits for approval",
      );
    } catch (failure) {
      if (!(failure instanceof TraceError)) throw failure;
      log.warn({ ...about, why: failure.message }, "this source could not be enrolled");
    }
  }
}
