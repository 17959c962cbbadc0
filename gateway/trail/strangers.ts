import type { Hex } from "../core/bytes.ts";
import type { KeyState } from "../core/chain-state.ts";
import type { StoredStatement } from "../store/statements.ts";

type Keys = Readonly<Record<Hex, KeyState>>;

/** Whether the key that signed was valid then, by what the chain says of it now: it may have been ended for the past since. */
function stands({ signed, block }: StoredStatement, keys: Keys): boolean {
  const { from = 0, until = 0 } = keys[signed.statement.key] ?? {};
  const time = block?.time ?? 0;
  return from <= time && time < until;
}

/**
 * Whether a watch and the enrolments behind it all stand, those among `statements`. Who set a sensor at another's place and then
 * ended his key for the past, or has a sponsor who did, would turn that one's trails red by his own records.
 */
export function standing(
  statements: readonly StoredStatement[],
  keys: Keys,
): (watch: StoredStatement) => boolean {
  const fallen = new Set<Hex>();
  for (let before = -1; before !== fallen.size;) {
    before = fallen.size;
    for (const each of statements) {
      const { name, statement } = each.signed;
      if (name === "Enrolment" && (!stands(each, keys) || fallen.has(statement.party)))
        fallen.add(statement.subject);
    }
  }
  return (watch) => {
    const { name, statement } = watch.signed;
    const owner = name === "Watch" ? keys[statement.device]?.party : undefined;
    return (
      stands(watch, keys) &&
      !fallen.has(statement.party) &&
      !(owner !== undefined && fallen.has(owner))
    );
  };
}

/**
 * False of a key's end that another, earlier one overtook, and of one whose own signer's key was ended since: it only explains what
 * the chain says of the key, and there may be any number of them.
 */
export function explains(each: StoredStatement, keys: Keys): boolean {
  const { name, statement } = each.signed;
  if (name !== "KeyRevocation") return true;
  return stands(each, keys) && keys[statement.subjectKey]?.until === statement.until;
}
