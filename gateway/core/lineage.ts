import { kindName } from "./agreement.ts";
import type { Hex } from "./bytes.ts";
import { FLAGS, ROLES, type Kind, type Operation, type Portion } from "./operations.ts";
import { NO_AREA, NOTHING } from "./recording.ts";
import { TraceError } from "./trace-error.ts";

/** What the rules know of a lot; masses in grams. The same members as ILots.Lot, without the head. */
export type Balance = {
  readonly mass: number;
  readonly holder: Hex;
  readonly pending: Hex;
  readonly count: number;
  readonly area: Hex;
  readonly flags: number;
};

/** What a certificate allows: kind 1 is a plot for harvests, 2 a claim on lots. Times in seconds. */
export type Terms = {
  readonly holder: Hex;
  readonly kind: 1 | 2;
  readonly area: Hex;
  readonly quota: number;
  readonly from: number;
  readonly until: number;
  readonly revoked: number; // 0: not revoked
};

/** An operation with what the registry says of its signer, and the block time at which it is judged. */
export type Act = {
  readonly operation: Operation;
  readonly time: number;
  readonly signer: Hex; // the party whose key signed
  readonly roles: number;
};

/** Balances and spent quotas: all so far, or what an operation makes of those that it touches. */
export type Ledger = {
  readonly lots: ReadonlyMap<Hex, Balance>;
  readonly spent: ReadonlyMap<Hex, number>;
};
export const EMPTY: Ledger = { lots: new Map(), spent: new Map() };

/** What the rules ask of the world around the ledger. */
export type World = {
  readonly terms: (certificate: Hex) => Terms | undefined;
  readonly delegatedUntil: (party: Hex, agent: Hex) => number;
  /** False for lots whose history is not shown: they are left alone. The chain's own view has none. */
  readonly follows: (lot: Hex) => boolean;
};

const { farmer, processor, exporter, certifier, cooperative, authority } = ROLES;
const TRADE = processor | cooperative | exporter;
const ANYONE = farmer | TRADE | certifier | authority;
/** Which roles may do what (ILots); a note or recall may be the holder's or that of those named here. */
const MAY: Record<Kind, number> = {
  harvest: farmer,
  intake: TRADE,
  process: TRADE,
  handOver: ANYONE,
  takeOver: ANYONE,
  certify: ANYONE,
  note: ANYONE,
  recall: ANYONE,
  lift: authority,
  retire: ANYONE,
};
const OVERSEES: Partial<Record<Kind, number>> = {
  note: certifier | authority | cooperative,
  recall: authority,
  lift: authority,
};
/** What an agent may record for a party that allowed it, with a farmer's or a cooperative's key. */
const DELEGABLE: ReadonlySet<Kind> = new Set(["harvest", "handOver", "note"]);

/** Whether the key's roles and party allow this kind of act in this party's name. Throws NOT_ALLOWED. */
export function requireRole({ operation, time, signer, roles }: Act, world: World): void {
  const kind = kindName(operation.kind);
  const delegated = signer !== operation.party;
  if (delegated) {
    if (!DELEGABLE.has(kind) || (roles & (farmer | cooperative)) === 0)
      throw new TraceError("NOT_ALLOWED", `${kind} may not be recorded by another party`);
    if (world.delegatedUntil(operation.party, signer) <= time)
      throw new TraceError("NOT_ALLOWED", "the party had not allowed this agent to record for it");
  } else if ((roles & MAY[kind]) === 0)
    throw new TraceError("NOT_ALLOWED", `this role may not ${kind}`);
}

const sum = (portions: readonly Portion[]): number => portions.reduce((n, { mass }) => n + mass, 0);

/** The members that a kind uses are there, and the others are empty. Throws BAD_OPERATION. */
function requireShape(operation: Operation, kind: Kind): void {
  const { inputs, outputs, certificate, counterparty, area, segregated } = operation;
  const makes = kind === "harvest" || kind === "intake";
  const weighs = !["note", "recall", "lift"].includes(kind);
  const lots = [...inputs, ...outputs].map(({ lot }) => lot);
  const good =
    new Set(lots).size === lots.length &&
    [...inputs, ...outputs].every(({ mass }) => (weighs ? mass > 0 : mass === 0)) &&
    (kind === "process"
      ? inputs.length > 0 && outputs.length > 0
      : inputs.length === (makes ? 0 : 1) && outputs.length === (makes ? 1 : 0)) &&
    (kind === "harvest" || kind === "certify") === (certificate !== NOTHING) &&
    (kind === "handOver" || (kind === "takeOver") === (counterparty !== NOTHING)) &&
    (kind === "intake" || area === NO_AREA) &&
    (kind === "harvest" || !segregated);
  if (!good) throw new TraceError("BAD_OPERATION", `this is not the shape of a ${kind}`);
}

/** Draws `mass` on a certificate, or says why not. */
function spend(ledger: Ledger, world: World, { operation, time }: Act, kind: 1 | 2, mass: number) {
  const { certificate, party } = operation;
  const terms = world.terms(certificate);
  if (terms === undefined) throw new TraceError("RULE_BROKEN", `no certificate ${certificate}`);
  if (terms.kind !== kind)
    throw new TraceError("RULE_BROKEN", "the certificate is of another kind");
  if (terms.holder !== party)
    throw new TraceError("NOT_ALLOWED", "the certificate is another party's");
  if (time < terms.from || time >= terms.until || (terms.revoked > 0 && time >= terms.revoked))
    throw new TraceError("NOT_CURRENT", "the certificate was not valid at that time");
  const spent = (ledger.spent.get(certificate) ?? 0) + mass;
  if (spent > terms.quota)
    throw new TraceError("RULE_BROKEN", `${spent} g drawn on a quota of ${terms.quota} g`);
  return { terms, spent: new Map([[certificate, spent]]) };
}

/** The lots that a process makes of what it draws, by the rules of mass, origin and segregation. */
function madeOf(inputs: readonly Balance[]): { area: Hex; flags: number } {
  const [first] = inputs;
  const all = (flag: number): boolean => inputs.every(({ flags }) => (flags & flag) !== 0);
  const segregated = inputs.some(({ flags }) => (flags & FLAGS.segregated) !== 0);
  if (segregated && !all(FLAGS.segregated))
    throw new TraceError("RULE_BROKEN", "a segregated lot was mixed with one that is not");
  return {
    area:
      first !== undefined && inputs.every(({ area }) => area === first.area) ? first.area : NO_AREA,
    flags: (all(FLAGS.grown) ? FLAGS.grown : 0) | (segregated ? FLAGS.segregated : 0),
  };
}

/** The ledger after one operation, by the rules of `changesOf`. */
export function applyOperation(ledger: Ledger, act: Act, world: World): Ledger {
  const { lots, spent } = changesOf(ledger, act, world);
  return { lots: new Map([...ledger.lots, ...lots]), spent: new Map([...ledger.spent, ...spent]) };
}

/**
 * What one operation makes of the lots and certificates that it touches, and of no others, by the rules that ILots promises,
 * written here a second time. Throws BAD_OPERATION, NOT_ALLOWED, NOT_CURRENT, RULE_BROKEN.
 */
export function changesOf(ledger: Ledger, act: Act, world: World): Ledger {
  const { operation } = act;
  const { inputs, outputs, party, counterparty } = operation;
  const kind = kindName(operation.kind);
  requireShape(operation, kind);
  requireRole(act, world);
  const lots = new Map<Hex, Balance>();
  const balanceOf = (lot: Hex): Balance | undefined => lots.get(lot) ?? ledger.lots.get(lot);
  let spent: ReadonlyMap<Hex, number> = new Map();
  const held = inputs
    .filter(({ lot }) => world.follows(lot))
    .map(({ lot, mass }) => {
      const balance = balanceOf(lot);
      if (balance === undefined) throw new TraceError("RULE_BROKEN", `no lot ${lot} before this`);
      return { lot, mass, balance, set: (next: Partial<Balance>) => change(lot, next) };
    });
  const change = (lot: Hex, next: Partial<Balance>): void => {
    const old = balanceOf(lot);
    if (old !== undefined) lots.set(lot, { ...old, ...next });
  };
  const make = (portion: Portion, area: Hex, flags: number): void => {
    if (!world.follows(portion.lot)) return;
    if (balanceOf(portion.lot) !== undefined)
      throw new TraceError("RULE_BROKEN", `lot ${portion.lot} exists already`);
    const { mass } = portion;
    lots.set(portion.lot, { mass, holder: party, pending: NOTHING, count: 0, area, flags });
  };
  for (const { balance, mass } of held) {
    const oversees = act.signer === party && (act.roles & (OVERSEES[kind] ?? 0)) !== 0;
    const owner = kind === "takeOver" ? balance.pending : balance.holder;
    if (owner !== party && !oversees)
      throw new TraceError("NOT_ALLOWED", "the lot is not in this party's hands");
    if ((balance.flags & FLAGS.retired) !== 0 && !["note", "recall", "lift"].includes(kind))
      throw new TraceError("RULE_BROKEN", "the lot is retired");
    if ((balance.flags & FLAGS.recalled) !== 0 && ["process", "certify", "recall"].includes(kind))
      throw new TraceError("NOT_CURRENT", "the lot is recalled");
    const whole = ["handOver", "takeOver", "retire"].includes(kind);
    if (mass > balance.mass || (whole && mass !== balance.mass))
      throw new TraceError("RULE_BROKEN", `${mass} g of a lot that has ${balance.mass} g`);
  }

  switch (kind) {
    case "harvest": {
      const drawn = spend(ledger, world, act, 1, sum(outputs));
      spent = drawn.spent;
      const flags = FLAGS.grown | (operation.segregated ? FLAGS.segregated : 0);
      for (const portion of outputs) make(portion, drawn.terms.area, flags);
      break;
    }
    case "intake":
      for (const portion of outputs) make(portion, operation.area, 0);
      break;
    case "process": {
      if (sum(outputs) > sum(inputs))
        throw new TraceError("RULE_BROKEN", `${sum(outputs)} g made of ${sum(inputs)} g`);
      const { area, flags } = madeOf(held.map(({ balance }) => balance));
      for (const { balance, mass, set } of held) set({ mass: balance.mass - mass });
      for (const portion of outputs) make(portion, area, flags);
      break;
    }
    case "handOver":
      for (const { set } of held) set({ pending: counterparty });
      break;
    case "takeOver":
      for (const { balance, set } of held) {
        if (balance.holder !== counterparty)
          throw new TraceError("RULE_BROKEN", "the lot was not in the giver's hands");
        set({ holder: party, pending: NOTHING });
      }
      break;
    case "certify": {
      const claim = spend(ledger, world, act, 2, sum(inputs));
      spent = claim.spent;
      for (const { balance } of held)
        if (
          claim.terms.area !== NO_AREA &&
          (balance.area !== claim.terms.area || (balance.flags & FLAGS.grown) === 0)
        )
          throw new TraceError("RULE_BROKEN", "the lot is not wholly from the certificate's area");
      break;
    }
    case "note":
      break;
    case "recall":
      for (const { balance, set } of held) set({ flags: balance.flags | FLAGS.recalled });
      break;
    case "lift":
      for (const { balance, set } of held) {
        if ((balance.flags & FLAGS.recalled) === 0)
          throw new TraceError("RULE_BROKEN", "the lot is not recalled");
        set({ flags: balance.flags & ~FLAGS.recalled });
      }
      break;
    case "retire":
      for (const { balance: b, set } of held)
        set({ flags: b.flags | FLAGS.retired, mass: 0, pending: NOTHING });
  }
  for (const { lot } of [...inputs, ...outputs])
    change(lot, { count: (balanceOf(lot)?.count ?? 0) + 1 });
  return { lots, spent };
}
