import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { availableParallelism, networkInterfaces } from "node:os";
import { join, resolve } from "node:path";

import type { Logger } from "pino";

import { openLink } from "./chain/link.ts";
import { nodeOver } from "./chain/node.ts";
import { preview } from "./chain/preview.ts";
import { ConfigError, describeConfig, parseConfig, type Config } from "./config.ts";
import { toBase64Url } from "./core/bytes.ts";
import type { KeyState } from "./core/chain-state.ts";
import type { Deployment } from "./core/operations.ts";
import { TraceError } from "./core/trace-error.ts";
import type { KeyOf } from "./device-keys.ts";
import { foundingBy, inviteFounder, type Founding } from "./founding.ts";
import { startIngest } from "./ingest.ts";
import { openAssets } from "./http/assets.ts";
import { createLogger } from "./http/logger.ts";
import { serve } from "./http/serve.ts";
import { chainView } from "./index/chain-view.ts";
import { judgedTrails } from "./judged-trails.ts";
import { fileHead } from "./log-head.ts";
import { logSigner } from "./log-signer.ts";
import { mqttPlace, withoutSecret } from "./mqtt-place.ts";
import { choosePort, PortTakenError } from "./ports.ts";
import { startRelayer } from "./relayer.ts";
import { keepSecret } from "./secrets.ts";
import { enrolSources, readSources, type Source } from "./sources.ts";
import { holdFolder } from "./store/folder.ts";
import { openStore } from "./store/open.ts";
import { keepTrails } from "./trail-cache.ts";

/** Everything that a gateway takes from the world outside. `now` in milliseconds. */
export type World = {
  readonly config: Config;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly log: Logger;
};

/** A running gateway. `close` finishes what is under way, in the reverse order of the start. */
export type Gateway = {
  readonly urls: { readonly http: string; readonly mqtt: string; readonly rpc: readonly string[] };
  readonly deployment: Deployment;
  /** Enrols a founder's key by governance's account; undefined where that account is not ours. */
  readonly found: ((founding: Founding) => Promise<void>) | undefined;
  /** The code with which the first party enrols its key; undefined once it has. */
  readonly invitation: string | undefined;
  readonly close: () => Promise<void>;
};

/** Starts every part of the gateway, lower parts first. What was started is closed again where a later part fails. */
export async function startGateway(world: World): Promise<Gateway> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    return { ...(await start(world, (closer) => closers.push(closer))), close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

async function start(
  { config, now, random, log }: World,
  onClose: (closer: () => Promise<void>) => void,
): Promise<Omit<Gateway, "close">> {
  const { dataDir, host } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const seed = keepSecret(join(dataDir, "log.key"), {
    given: config.logKey,
    make: () => toBase64Url(random(32)),
  });
  const signer = logSigner(config.logOrigin, seed);

  const sources = sourcesOf(config, random);
  const { databaseUrl } = config;
  const store = await openStore(
    databaseUrl === undefined ? { dataDir } : { databaseUrl, onLost: lostConnection(log) },
  );
  onClose(store.close);
  if (databaseUrl !== undefined && config.rpcUrls.length === 0) {
    // Our own chain lives in the folder, wherever the rest is kept: two would mix their blocks.
    const held = holdFolder(dataDir);
    onClose(async () => held.release());
  }
  const link = await openLink({
    config,
    now,
    random,
    log,
    logId: signer.id,
    pinned: { origin: signer.origin, publicKey: toBase64Url(signer.publicKey) },
  });
  onClose(link.close);
  const { deployment } = link;
  const chain = chainView(link.request, deployment);

  const anchored = () => chain.anchor(signer.id);
  const relayer = startRelayer({
    store,
    node: nodeOver(link.request),
    deployment,
    account: link.relayer,
    logId: signer.id,
    now,
    log,
    survey: link.survey,
    anchorEvery: config.anchorEvery * 1000,
  });
  onClose(relayer.close);
  const keyOf: KeyOf = async (keyId) => known((await chain.keys([keyId]))[0]);
  await enrolSources(sources, { store, keyOf, now, log });
  const { mqttPort, sequencer, ...ingest } = await startIngest({
    store,
    signer,
    keyOf,
    sources,
    now,
    log,
    mqtt: await mqttPlace(config, random),
    threads: availableParallelism(),
    anchored,
    head: fileHead(join(dataDir, "log.head")),
    onCheckpoint: relayer.wake,
  });
  onClose(ingest.close);

  const port = await choosePort(host, config.port);
  const url = config.publicUrl ?? `http://${reachable(host)}:${port}`;
  const rpcUrls = link.publicUrls.map((rpc) => sameHost(rpc, url, config));
  const found = link.governance && foundingBy(link.governance, { store, chain, deployment });
  const trails = keepTrails({ store, chain, deployment, signer });
  const server = await serve({
    config,
    store,
    chain,
    deployment,
    signer,
    trails,
    trailOf: judgedTrails({ trails, store, chain, deployment, request: link.request }),
    assets: openAssets(resolve(import.meta.dirname, "../web/dist")),
    now,
    log,
    port,
    url,
    rpcUrls,
    found,
    trouble: sequencer.trouble,
    relayer: relayer.status,
    survey: link.survey,
    ...ingest,
    preview: (signed) => preview({ request: link.request, deployment }, signed),
    wake: relayer.wake,
  });
  onClose(server.close);
  const invitation =
    found && (await inviteFounder({ store, chain }, { ...config.authority, random, now }));
  log.info({ url, rpc: rpcUrls }, "the gateway is up");
  return {
    urls: {
      http: url,
      mqtt:
        config.mqttUrl === undefined
          ? `${config.mqttTls.cert === undefined ? "mqtt" : "mqtts"}://${reachable(host)}:${mqttPort}`
          : withoutSecret(config.mqttUrl),
      rpc: rpcUrls,
    },
    deployment,
    found,
    invitation,
  };
}

/** The network servers that the sources file names, with keys of the one secret that is kept for them. */
function sourcesOf(
  { sourcesFile, sourcesKey, dataDir, production }: Config,
  random: World["random"],
): readonly Source[] {
  if (sourcesFile === undefined) return [];
  const seed = keepSecret(join(dataDir, "sources.key"), {
    given: sourcesKey,
    make: () => toBase64Url(random(32)),
  });
  return readSources(sourcesFile, { seed, production });
}

const lostConnection =
  (log: Logger) =>
  (err: Error): void =>
    log.warn({ err }, "a connection to the database broke");

/** The state of a key that somebody enrolled; the chain answers zeros for all others. */
const known = (state: KeyState | undefined): KeyState | undefined =>
  state?.until === 0 ? undefined : state;

/** A name under which others reach what listens on `host`: of all addresses, the first that leaves this machine. */
function reachable(host: string): string {
  if (host !== "0.0.0.0" && host !== "::") return host.includes(":") ? `[${host}]` : host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  return outside?.address ?? "localhost";
}

/** Where browsers reach our own chain: beside the pages, unless somebody said otherwise. */
function sameHost(rpc: string, url: string, { publicRpcUrls, rpcUrls }: Config): string {
  if (publicRpcUrls.length > 0 || rpcUrls.length > 0) return rpc;
  const there = new URL(rpc);
  there.hostname = new URL(url).hostname;
  return there.origin;
}

const SETTLED = 5_000; // ms after the start

/** Starting takes memory that V8 would keep for the load it expects. What only starting needed goes back; load may take it again. */
const giveBackMemory = (): void => {
  void globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
};

/** Runs a gateway by the environment until a signal ends it. */
async function run(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(describeConfig());
    return;
  }
  const config = parseConfig(process.env);
  if (config.publicUrl?.startsWith("https:") && config.publicRpcUrls.length === 0)
    console.error(
      "PUBLIC_URL is https, so browsers will not ask an http chain: set PUBLIC_RPC_URL",
    );
  const log = createLogger(config.logLevel);
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const gateway = await startGateway({ config, now: Date.now, random, log });
  if (gateway.invitation !== undefined)
    console.log(
      `Nobody is enrolled yet. ${config.authority.name.en} begins at ` +
        `${gateway.urls.http}/app/province#code=${gateway.invitation}`,
    );
  flushCompileCache(); // now, not at the end: whoever is killed starts as soon as others
  setTimeout(giveBackMemory, SETTLED).unref();
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, "closing");
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "did not close cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

if (process.argv[1] !== undefined && existsSync(process.argv[1]) && import.meta.main)
  run().catch((error: unknown) => {
    const known =
      error instanceof ConfigError ||
      error instanceof PortTakenError ||
      error instanceof TraceError;
    console.error(known ? error.message : error);
    process.exit(1);
  });
