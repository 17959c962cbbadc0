import { pino, type Logger } from "pino";

/** Structured logs on standard output. Keys, salts, codes and signatures never reach them, wherever they stand. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: "[hidden]",
    },
  });

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
