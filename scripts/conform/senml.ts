import { existsSync, readFileSync } from "node:fs";

import { fromHex } from "../../gateway/core/bytes.ts";
import { parseSenmlCbor, parseSenmlJson, resolveSenml } from "../../gateway/core/senml.ts";
import type { ResolvedRecord, SenmlRecord } from "../../gateway/core/senml.ts";
import { same } from "./suite.ts";
import type { Case, Suite } from "./suite.ts";

type Pack = readonly SenmlRecord[];

/** `x.json` (and `x.cbor`, as bytes or hex, where there is one) beside `x.resolved.json`. */
export const senml: Suite = {
  summary: "RFC 8428: x.json, and x.cbor, resolve to x.resolved.json",
  cases: (file) => {
    const stem = file.path.replace(/\.(?:json|cbor|cbor\.hex)$/, "");
    const wanted = `${stem}.resolved.json`;
    if (stem === file.path || !existsSync(wanted)) return undefined;
    const { path } = file;
    if (!path.endsWith(".json")) return [caseOf(path, wanted, () => parseSenmlCbor(cborOf(path)))];
    return [
      caseOf(path, wanted, () => parseSenmlJson(file.text)),
      ...cborBeside(stem).map((path) => caseOf(path, wanted, () => parseSenmlCbor(cborOf(path)))),
    ];
  },
};

const cborBeside = (stem: string): readonly string[] =>
  [`${stem}.cbor`, `${stem}.cbor.hex`].filter((path) => existsSync(path));

/** The bytes of a file; a hex file may be a plain one or a dump with offsets and letters. */
function cborOf(path: string): Uint8Array {
  if (!path.endsWith(".hex")) return new Uint8Array(readFileSync(path));
  const lines = readFileSync(path, "utf8").replaceAll(/^[0-9a-f]{4,8}(?: |$)|\|.*$/gm, "");
  return fromHex(`0x${lines.replaceAll(/\s/g, "").toLowerCase()}`);
}

const caseOf = (path: string, wanted: string, parse: () => Pack): Case => ({
  name: `${path.replace(/^.*[/\\]/, "")} resolves`,
  run: () => {
    const pack = parse();
    const target = parseSenmlJson(
      readFileSync(wanted, "utf8").replaceAll(/("vd":"[^"=]*)=+/g, "$1"),
    );
    const found = resolveSenml(pack, nowOf(pack, target));
    same(spell(found), spell(resolveSenml(target)));
  },
});

// A resolved file does not say when "now" was for its maker; its first time that was relative does.
function nowOf(pack: Pack, target: Pack): number {
  const relative = resolveSenml(pack, 0);
  const at = relative.findIndex(({ t }) => t < 2 ** 28);
  return at < 0 ? 0 : (target[at]?.t ?? 0) - (relative[at]?.t ?? 0);
}

// Times to the microsecond, which is what a double holds of a date.
const spell = (records: readonly ResolvedRecord[]): string =>
  JSON.stringify(
    records.map(({ n, u, t, v, vs, vb, vd, s, ut, other }) => ({
      ...[n, u, v, vs, vb, s, ut],
      t: Math.round(t * 1e6) / 1e6,
      vd: vd && Buffer.from(vd).toString("hex"),
      other: other && Object.entries(other).toSorted(),
    })),
    null,
    1,
  );
