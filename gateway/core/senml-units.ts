/** Why a text is no unit of SenML, and what to write instead, as far as that is known; undefined for a unit. */
export function notAUnit(text: string): string | undefined {
  if (UNITS.has(text)) return undefined;
  const meant = MEANT.get(text.replaceAll(/[\s°º.]/g, "").toLowerCase());
  const remedy = meant === undefined ? 'such as "Cel", "%RH" or "/"' : `write "${meant}"`;
  return `"${text}" is no unit of SenML (RFC 8428, 12.1, and RFC 8798): ${remedy}`;
}

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/);

const UNITS: ReadonlySet<string> = new Set([
  // RFC 8428, 12.1
  ...wordsOf(`
    m kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l m/s m/s2 m3/s l/s W/m2 cd/m2
    bit bit/s lat lon pH dB dBW Bspl count / % %RH %EL EL 1/s 1/min beat/min beats S/m`),
  // RFC 8798 and the registries since: first what joined the units, then the secondary ones
  ...wordsOf("B VA VAs var vars J/m kg/m3 deg NTU"),
  ...wordsOf(`
    ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh VAh Wh/km KiB GB Mbit/s B/s MB/s mV mA dBm ug/m3 mm/h m/h ppm ppb ppt /100 /1000
    hPa mm cm km km/h mg/l ug/l g/l`),
]);

/** What people write, in small letters and without spaces, dots and degree signs. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ...["c", "degc", "cel", "celsius", "degcelsius", "degreescelsius", "centigrade", "℃"].map(
    (text) => [text, "Cel"] as const,
  ),
  ...["%rh", "rh", "rh%", "%humidity"].map((text) => [text, "%RH"] as const),
  ...["kelvin", "degk"].map((text) => [text, "K"] as const),
  ...["percent", "pct"].map((text) => [text, "/100"] as const),
  ...["1", "ratio", ""].map((text) => [text, "/"] as const),
  ...["mbar", "hpa", "hectopascal"].map((text) => [text, "hPa"] as const),
  ["lux", "lx"],
  ["pascal", "Pa"],
  ["ph", "pH"],
]);
