import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { hasDefaultPassword, isDevelopmentKey } from "./default-secrets.ts";
import { account, count, noteName, origin, port, seed, urlOf, urlsOf } from "./setting-forms.ts";
import { certificates, privateKey, tlsTroubles, type Tls } from "./tls.ts";

/** A port to listen on. `fixed`: somebody asked for this one; otherwise the next free one will do. */
export type Port = { readonly port: number; readonly fixed: boolean };

/** What the environment says, judged. What is undefined is embedded, derived or made at the first start. */
export type Config = {
  readonly production: boolean;
  readonly host: string;
  readonly port: Port;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly mqttUrl: string | undefined;
  readonly mqttPort: Port;
  readonly mqttTls: Tls;
  /** The file of network servers that speak for sensors which do not sign. */
  readonly sourcesFile: string | undefined;
  readonly sourcesKey: string | undefined;
  readonly rpcUrls: readonly string[];
  readonly rpcPort: Port;
  readonly publicRpcUrls: readonly string[];
  readonly deploymentFile: string;
  readonly relayerKey: string | undefined;
  readonly governanceKey: string | undefined;
  readonly logKey: string | undefined;
  readonly logOrigin: string;
  /** The first party, which the operator invites: it enrols the others. */
  readonly authority: { readonly uri: string; readonly name: { vi: string; en: string } };
  readonly anchorEvery: number; // seconds
  readonly proxies: number;
  readonly statementsPerMinute: number;
  /** Where people report what is wrong with a lot: a mailto:, tel: or https: URI. */
  readonly contact: string | undefined;
  readonly diskReserve: number; // bytes
  readonly logLevel: string;
};

/** The environment asks for what cannot be or must not be; `message` has one line for each trouble. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

type Setting = {
  readonly schema: z.ZodType;
  readonly means: string;
  readonly default?: string;
  readonly secret?: true;
};

const SETTINGS = {
  NODE_ENV: { schema: z.string(), means: '"production" refuses whatever is only good for trying' },
  PORT: {
    schema: port,
    default: "8080",
    means: "HTTP; taken and not asked for: the next free one",
  },
  HOST: { schema: z.string().min(1), default: "127.0.0.1", means: "listens here; 0.0.0.0 for all" },
  PUBLIC_URL: { schema: origin, means: "how readers reach us; absent: http://HOST:PORT" },
  DATA_DIR: { schema: z.string().min(1), default: "./data", means: "what must not be lost" },
  DATABASE_URL: {
    schema: urlOf("postgres", "postgresql"),
    secret: true,
    means: "PostgreSQL; absent: SQLite in DATA_DIR",
  },
  MQTT_URL: {
    schema: urlOf("mqtt", "mqtts", "ws", "wss"),
    secret: true,
    means: "somebody else's broker; absent: our own",
  },
  MQTT_PORT: { schema: port, default: "1883", means: "of our own broker" },
  MQTT_CA: {
    schema: certificates,
    secret: true,
    means: "PEM: who vouches for somebody else's broker; absent: Node's list",
  },
  MQTT_CERT: {
    schema: certificates,
    secret: true,
    means: "PEM: shown to somebody else's broker; our own then speaks TLS only",
  },
  MQTT_KEY: { schema: privateKey, secret: true, means: "PEM: the private key of MQTT_CERT" },
  SOURCES: {
    schema: z.string().min(1),
    means: "the file of network servers that speak for sensors which do not sign",
  },
  SOURCES_KEY: {
    schema: seed,
    secret: true,
    means: "32 bytes that their keys are made of; absent: made at the first start",
  },
  RPC_URL: {
    schema: urlsOf("http", "https"),
    secret: true,
    means: "an EVM chain with EIP-7951, commas between several; absent: our own",
  },
  RPC_PORT: { schema: port, default: "8545", means: "of our own chain" },
  PUBLIC_RPC_URL: {
    schema: urlsOf("http", "https"),
    means: "where readers' browsers ask the chain; absent: RPC_URL, when it holds no secret",
  },
  DEPLOYMENT: { schema: z.string().min(1), means: "addresses; absent: DATA_DIR/deployment.json" },
  RELAYER_KEY: {
    schema: account,
    secret: true,
    means: "the account that pays; absent, on our own chain: made at the first start",
  },
  GOVERNANCE_KEY: {
    schema: account,
    secret: true,
    means: "the account that governs; absent, on our own chain: made at the first start",
  },
  LOG_KEY: {
    schema: seed,
    secret: true,
    means: "Ed25519 seed that signs checkpoints; absent: made at the first start",
  },
  LOG_ORIGIN: {
    schema: noteName,
    default: "plotline.example/log",
    means: "the log's name in its checkpoints; never change it",
  },
  ANCHOR_EVERY: {
    schema: count.min(1),
    default: "300",
    means: "seconds between two anchors of the log, at least",
  },
  AUTHORITY_URI: {
    schema: urlOf("https"),
    default: "https://plotline.example/parties/authority",
    means: "the party that is invited first",
  },
  AUTHORITY_NAME: {
    schema: z.string().regex(/^[^|]+\|[^|]+$/, "two names with a | between: Vietnamese, English"),
    default: "Cơ quan quản lý | Authority",
    means: "its name in both languages",
  },
  TRUST_PROXY: { schema: count, default: "0", means: "how many proxies of ours stand before us" },
  STATEMENTS_PER_MINUTE: {
    schema: count.min(1),
    default: "1200",
    means: "taken from one address before it must wait",
  },
  CONTACT: {
    schema: urlOf("mailto", "tel", "https"),
    means: "where shoppers report a problem: a mailto:, tel: or https: URI",
  },
  DISK_RESERVE: {
    schema: count,
    default: "512",
    means: "megabytes that stay free in DATA_DIR, or /readyz says no",
  },
  LOG_LEVEL: {
    schema: z.enum(["trace", "debug", "info", "warn", "error", "silent"]),
    default: "info",
    means: "trace, debug, info, warn, error or silent",
  },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof SETTINGS;
type Values = { readonly [N in Name]?: z.output<(typeof SETTINGS)[N]["schema"]> };
const ENTRIES = Object.entries(SETTINGS) as unknown as readonly (readonly [Name, Setting])[];

/**
 * Judges the environment; a secret may come as the path of its file in `NAME_FILE`. Reads those files,
 * nothing else. Throws ConfigError that names every trouble at once.
 */
export function parseConfig(environment: Environment): Config {
  const troubles: string[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const [name, { schema, default: fallback, secret }] of ENTRIES) {
    const text = textOf(environment, name, secret === true, troubles) ?? fallback;
    if (text === undefined) continue;
    const result = schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else troubles.push(`${name}: ${result.error.issues.map((issue) => issue.message).join("; ")}`);
  }
  if (troubles.length === 0) troubles.push(...troublesOf(values as Values));
  if (troubles.length > 0) throw new ConfigError(troubles.join("\n"));
  return configOf(values as Values, environment);
}

/** The settings as a text for people: what `npm start -- --help` prints. */
export const describeConfig = (): string =>
  [
    "Plotline's gateway. Settings come from the environment:",
    "",
    ...ENTRIES.map(([name, { means, default: fallback, secret }]) => {
      const notes = [
        fallback === undefined ? "" : `default ${fallback}`,
        secret ? "or *_FILE" : "",
      ];
      const note = notes.filter((text) => text !== "").join("; ");
      return `  ${name.padEnd(22)} ${means}${note === "" ? "" : ` (${note})`}`;
    }),
    "",
    "A setting marked *_FILE may be given as NAME_FILE, the path of a file that holds it.",
  ].join("\n");

function textOf(
  environment: Environment,
  name: Name,
  secret: boolean,
  troubles: string[],
): string | undefined {
  const direct = environment[name] || undefined;
  const path = secret ? environment[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) troubles.push(`${name}: given twice, ${name}_FILE is there as well`);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    troubles.push(`${name}_FILE: ${(cause as Error).message}`);
    return undefined;
  }
}

function troublesOf(values: Values): readonly string[] {
  const troubles: string[] = [];
  const external = values.RPC_URL !== undefined;
  if (external && values.RELAYER_KEY === undefined)
    troubles.push("RELAYER_KEY: with RPC_URL, say which account pays");
  if (external && values.PUBLIC_RPC_URL === undefined && values.RPC_URL?.some(holdsSecret))
    troubles.push("PUBLIC_RPC_URL: RPC_URL looks like it holds a token, so name one for readers");
  troubles.push(...tlsTroubles(values.MQTT_URL, tlsOf(values)));
  if (values.NODE_ENV === "production") troubles.push(...defaultSecrets(values));
  return troubles;
}

const tlsOf = ({ MQTT_CA: ca, MQTT_CERT: cert, MQTT_KEY: key }: Values): Tls => ({ ca, cert, key });

function* defaultSecrets(values: Values): Iterable<string> {
  for (const name of ["RELAYER_KEY", "GOVERNANCE_KEY"] as const)
    if (values[name] !== undefined && isDevelopmentKey(values[name]))
      yield `${name}: everybody knows this key; production needs one of its own`;
  for (const name of ["DATABASE_URL", "MQTT_URL"] as const)
    if (values[name] !== undefined && hasDefaultPassword(values[name]))
      yield `${name}: the password is a default; production needs one of its own`;
  if (values.LOG_ORIGIN === SETTINGS.LOG_ORIGIN.default)
    yield "LOG_ORIGIN: production needs a name of its own, such as trace.example.org/log";
}

function holdsSecret(text: string): boolean {
  const { username, password, search, pathname } = new URL(text);
  return username !== "" || password !== "" || search !== "" || pathname.length > 1;
}

function configOf(values: Values, environment: Environment): Config {
  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("a setting with a default has none");
    return value;
  };
  const portOf = (name: "PORT" | "MQTT_PORT" | "RPC_PORT"): Port => ({
    port: need(values[name]),
    fixed: Boolean(environment[name]),
  });
  const dataDir = resolve(need(values.DATA_DIR));
  const [vi = "", en = ""] = need(values.AUTHORITY_NAME).normalize("NFC").split("|");
  return {
    production: values.NODE_ENV === "production",
    host: need(values.HOST),
    port: portOf("PORT"),
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, ""),
    dataDir,
    databaseUrl: values.DATABASE_URL,
    mqttUrl: values.MQTT_URL,
    mqttPort: portOf("MQTT_PORT"),
    mqttTls: tlsOf(values),
    sourcesFile: values.SOURCES,
    sourcesKey: values.SOURCES_KEY,
    rpcUrls: values.RPC_URL ?? [],
    rpcPort: portOf("RPC_PORT"),
    publicRpcUrls: values.PUBLIC_RPC_URL ?? values.RPC_URL ?? [],
    deploymentFile: resolve(values.DEPLOYMENT ?? `${dataDir}/deployment.json`),
    relayerKey: values.RELAYER_KEY?.toLowerCase(),
    governanceKey: values.GOVERNANCE_KEY?.toLowerCase(),
    logKey: values.LOG_KEY,
    logOrigin: need(values.LOG_ORIGIN),
    authority: { uri: need(values.AUTHORITY_URI), name: { vi: vi.trim(), en: en.trim() } },
    anchorEvery: need(values.ANCHOR_EVERY),
    proxies: need(values.TRUST_PROXY),
    statementsPerMinute: need(values.STATEMENTS_PER_MINUTE),
    contact: values.CONTACT,
    diskReserve: need(values.DISK_RESERVE) * 1_000_000,
    logLevel: need(values.LOG_LEVEL),
  };
}
