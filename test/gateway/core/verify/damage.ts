import * as fc from "fast-check";

type Path = readonly (string | number)[];
type Json = unknown;

/** Every place in a JSON value, the whole first. */
export function pathsOf(value: Json, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...at, name]))];
}

export const valueAt = (value: Json, path: Path): Json =>
  path.reduce<Json>((at, name) => (at as Record<string, Json>)[name], value);

/** A copy with another value at a place, or none there. */
function changed(value: Json, path: Path, change: (old: Json) => readonly Json[]): Json {
  const [name, ...rest] = path;
  if (name === undefined) return change(value)[0];
  if (Array.isArray(value)) {
    const next =
      rest.length === 0
        ? change(value[Number(name)])
        : [changed(value[Number(name)], rest, change)];
    return [...value.slice(0, Number(name)), ...next, ...value.slice(Number(name) + 1)];
  }
  const members = value as Record<string, Json>;
  if (rest.length > 0) return { ...members, [name]: changed(members[name], rest, change) };
  const [next] = change(members[name]);
  const { [name]: _, ...others } = members;
  return next === undefined ? others : { ...members, [name]: next };
}

/** Replaces one character by a neighbour, at a place that `seed` chooses. */
function flipped(text: string, seed: number): string {
  const at = seed % Math.max(1, text.length);
  const unit = text.charCodeAt(at) ^ (1 << ((seed >> 8) % 5));
  return text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
}

function altered(value: Json, seed: number): Json {
  if (typeof value === "string") {
    const cut = seed % Math.max(1, value.length);
    return [
      flipped(value, seed),
      value.slice(0, cut),
      `${value}0`,
      `${value}=`,
      "",
      value.toUpperCase(),
      null,
      0,
    ][seed % 8];
  }
  if (typeof value === "number")
    return [value + 1, value - 1, -value, value * 1.5, value + 2 ** 32, 2 ** 53, String(value), 0][
      seed % 8
    ];
  if (typeof value === "boolean") return !value;
  if (value === null) return [{}, "", 0, []][seed % 4];
  if (!Array.isArray(value)) {
    const odd = ["__proto__", "constructor", "toString", "x"][seed % 4] ?? "x";
    return { ...(value as object), [odd]: { time: 1 } }; // computed, so that __proto__ is a member too
  }
  const at = seed % Math.max(1, value.length);
  const turns = [
    [...value, value[at]],
    [...value.slice(0, at), value[at], ...value.slice(at)],
    value.toReversed(),
    value.slice(0, at),
    value.slice(at + 1),
    [...value.slice(at), ...value.slice(0, at)],
    [...value, null],
    [],
  ];
  return turns[(seed >> 4) % turns.length];
}

/** One thing that somebody in between might do to a bundle. */
export type Damage = { readonly what: string; readonly value: Json };

/** Alters, drops, doubles or transplants something somewhere in `honest`; containers as often as what they hold. */
export function damageTo(honest: Json): fc.Arbitrary<Damage> {
  const all = pathsOf(honest).slice(1);
  const shallow = all.filter(({ length }) => length <= 2);
  const path = fc.oneof(fc.constantFrom(...all), fc.constantFrom(...shallow));
  const seed = fc.nat(1 << 24);
  const named = (what: string, at: Path, value: Json): Damage => ({
    what: `${what} ${at.join(".")}`,
    value,
  });
  return fc.oneof(
    fc.tuple(path, seed).map(([at, n]) =>
      named(
        "altered",
        at,
        changed(honest, at, (old) => [altered(old, n)]),
      ),
    ),
    path.map((at) =>
      named(
        "dropped",
        at,
        changed(honest, at, () => []),
      ),
    ),
    path.map((at) =>
      named(
        "doubled",
        at,
        changed(honest, at, (old) => [old, old]),
      ),
    ),
    fc.tuple(path, path).map(([at, from]) =>
      named(
        `transplanted ${from.join(".")} to`,
        at,
        changed(honest, at, () => [valueAt(honest, from)]),
      ),
    ),
    // A statement's part under another statement, a pack's under another pack: of the same kind, so it may well fit.
    fc.tuple(path, seed).map(([at, n]) => {
      const [list = "", , ...rest] = at;
      const items = valueAt(honest, [list]);
      const count = Array.isArray(items) ? items.length : 1;
      const from = [list, n % count, ...rest];
      const donor = pathsOf(honest).some((one) => one.join() === from.join())
        ? valueAt(honest, from)
        : null;
      return named(
        `swapped in ${from.join(".")} at`,
        at,
        changed(honest, at, () => [donor]),
      );
    }),
  );
}
