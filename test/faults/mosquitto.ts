import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Certified } from "../certificates.ts";
import { freePort } from "./processes.ts";

/** Where Mosquitto lies, or undefined where it is not installed and nobody asked for it by REQUIRE_SERVICES. */
export const MOSQUITTO: string | undefined =
  ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find(existsSync) ??
  (process.env["REQUIRE_SERVICES"] === undefined ? undefined : "mosquitto");

/** A Mosquitto of the machine's own, on a folder that outlives its process. */
export type Mosquitto = {
  readonly port: number;
  readonly tlsPort: number;
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export const GATEWAY_USER = { username: "plotline-gateway", password: "the gateway's" } as const;

const SHIPPED = join(import.meta.dirname, "../../gateway/mqtt/mosquitto");

/** A broker's certificate, who issued it, and whether its clients need one as well. */
export type MosquittoTls = Certified & { readonly ca: string; readonly mutual: boolean };

/** Mosquitto with our own configuration and these users, or as it comes from its makers. */
export async function makeMosquitto(
  conf: "shipped" | "default",
  users: Readonly<Record<string, string>> = {},
  tls?: MosquittoTls,
): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "plotline-mosquitto-"));
  const port = await freePort();
  const tlsPort = await freePort();
  mkdirSync(join(folder, "data"));
  // Started by root it becomes another user, who may not write here.
  const user = process.getuid?.() === 0 ? "user root\n" : "";
  const text =
    conf === "default"
      ? `listener ${port} 127.0.0.1\nallow_anonymous true\n${user}`
      : withTls(readFileSync(join(SHIPPED, "mosquitto.conf"), "utf8"), tls)
          .replace("listener 8883", `listener ${tlsPort}`)
          .replace("listener 1883", `listener ${port}`)
          .replaceAll("/etc/mosquitto/", `${folder}/`)
          .replace("/var/lib/mosquitto/", `${folder}/data/`) + user;
  writeFileSync(join(folder, "mosquitto.conf"), text);
  writeFileSync(join(folder, "plotline.acl"), readFileSync(join(SHIPPED, "plotline.acl")));
  for (const [name, text] of Object.entries({
    "ca.crt": tls?.ca,
    "server.crt": tls?.cert,
    "server.key": tls?.key,
  }))
    if (text !== undefined) writeFileSync(join(folder, name), text);
  const passwords = join(folder, "plotline.passwd");
  writeFileSync(passwords, "");
  for (const [name, password] of Object.entries({
    ...users,
    [GATEWAY_USER.username]: GATEWAY_USER.password,
  }))
    execFileSync("mosquitto_passwd", ["-b", passwords, name, password], { stdio: "ignore" });

  let stop = async (): Promise<void> => {};
  return {
    port,
    tlsPort,
    start: async () => {
      const child = spawn(MOSQUITTO ?? "", ["-c", join(folder, "mosquitto.conf")], {
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      stop = async () => {
        child.kill("SIGKILL");
        await ended;
      };
      await answering(port);
    },
    kill: () => stop(),
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Our configuration with what it says of TLS put into force; a list of what was revoked needs more than a test has. */
function withTls(conf: string, tls: MosquittoTls | undefined): string {
  if (tls === undefined) return conf;
  const wanted = tls.mutual
    ? /^# (listener 8883|(cafile|certfile|keyfile|tls_version|require_c|use_identity).*)$/gm
    : /^# (listener 8883|(cafile|certfile|keyfile|tls_version).*)$/gm;
  return conf.replaceAll(wanted, "$1");
}

async function answering(port: number, attempts = 100): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
  } catch (refusal) {
    if (attempts === 0) throw refusal;
    await new Promise((resolve) => setTimeout(resolve, 30));
    await answering(port, attempts - 1);
  } finally {
    socket.destroy();
  }
}
