import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this machine can make certificates. */
export const hasOpenssl = (): boolean => spawnSync("openssl", ["version"]).status === 0;

/** A certificate and its private key, in PEM. */
export type Certified = { readonly cert: string; readonly key: string };

/** An authority of a test's own. `issue` certifies a new key under a name; it serves on 127.0.0.1. */
export type Authority = Certified & { readonly issue: (name: string) => Certified };

/** Makes an authority whose certificates are good for a day. */
export function makeAuthority(name: string): Authority {
  const own = inFolder((folder) => {
    openssl(
      folder,
      "req",
      "-x509",
      ...NEW_KEY,
      "-subj",
      `/CN=${name}`,
      "-out",
      "cert",
      "-days",
      "1",
    );
    return pairIn(folder);
  });
  return {
    ...own,
    issue: (subject) =>
      inFolder((folder) => {
        writeFileSync(join(folder, "ca"), own.cert);
        writeFileSync(join(folder, "ca.key"), own.key);
        writeFileSync(join(folder, "names"), "subjectAltName = IP:127.0.0.1, DNS:localhost\n");
        openssl(folder, "req", ...NEW_KEY, "-subj", `/CN=${subject}`, "-out", "request");
        const sign = ["-CAcreateserial", "-days", "1", "-extfile", "names", "-out", "cert"];
        openssl(folder, "x509", "-req", "-in", "request", "-CA", "ca", "-CAkey", "ca.key", ...sign);
        return pairIn(folder);
      }),
  };
}

const NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key".split(" ");

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "plotline-certificates-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const openssl = (cwd: string, ...args: readonly string[]): unknown =>
  execFileSync("openssl", args, { cwd, stdio: "pipe" });

const pairIn = (folder: string): Certified => ({
  cert: readFileSync(join(folder, "cert"), "utf8"),
  key: readFileSync(join(folder, "key"), "utf8"),
});
