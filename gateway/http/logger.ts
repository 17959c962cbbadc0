import { pino, type Logger } from "pino";

/** Structured logs on standard output. Keys, salts, codes and signatures never reach them, wherever they stand. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withReason },
    redact: {
      paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: "[hidden]",
    },
  });

/** An error's own code says why something failed; under its usual name it would be hidden as one to enrol with. */
function withReason(failure: unknown): unknown {
  if (!(failure instanceof Error)) return failure; // whatever was thrown, the log takes it
  const { code, ...told } = pino.stdSerializers.err(failure) as { readonly code?: unknown };
  return code === undefined ? told : { ...told, reason: code };
}

const SECRETS = [
  "authorization",
  "code",
  "cookie",
  "databaseUrl",
  "governanceKey",
  "logKey",
  "mqttTls",
  "mqttUrl",
  "openings",
  "privateKey",
  "relayerKey",
  "rpcUrls",
  "salt",
  "secret",
] as const;
