/** What the documents of a bundle call parties, lots and products. Believed, not judged. */
import type { Bundle } from "./bundle.ts";
import type { Hex } from "./bytes.ts";
import type { Portion } from "./operations.ts";
import { idOf, type Words } from "./recording.ts";
import { wordsOf } from "./sensor-view.ts";
import { isObject, type Document } from "./statement.ts";

/** A party by the name that its enrolment gave it, or by nothing but its id and URI. */
export type PartyView = {
  readonly id: Hex;
  readonly uri: string | undefined;
  readonly name: Words | undefined;
  readonly address: string | undefined;
};

/** Grams of a lot; `number` is the lot number where the events name the lot. */
export type LotView = {
  readonly id: Hex;
  readonly uri: string | undefined;
  readonly number: string | undefined;
  readonly product: Words | undefined;
  readonly mass: number;
};

export type Book = {
  readonly parties: ReadonlyMap<Hex, PartyView>;
  /** Whose key signed, by key id. */
  readonly signers: ReadonlyMap<Hex, Hex>;
  readonly lots: ReadonlyMap<Hex, string>;
  readonly products: ReadonlyMap<Hex, Words>;
  readonly bestBefore: ReadonlyMap<Hex, string>;
};

export const textIn = (document: Document | null, member: string): string | undefined => {
  const value = document?.[member];
  return typeof value === "string" && value !== "" ? value : undefined;
};
export const textsIn = (document: Document | null, member: string): readonly string[] => {
  const value: unknown = document?.[member];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};
export const objectsIn = (value: unknown): readonly Document[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** What the documents call parties, lots and products, by id. */
export function namesIn({ statements, founders }: Bundle): Book {
  const parties = new Map<Hex, PartyView>();
  const signers = new Map<Hex, Hex>();
  const lots = new Map<Hex, string>();
  const products = new Map<Hex, Words>();
  const bestBefore = new Map<Hex, string>();
  const introduce = (document: Document | null): void => {
    const [uri, name] = [textIn(document, "uri"), wordsOf(document?.["name"])];
    if (uri === undefined || name === undefined) return;
    const id = idOf(uri);
    // The first introduction is its sponsor's.
    if (!parties.has(id)) parties.set(id, { id, uri, name, address: textIn(document, "address") });
  };
  for (const { key, document } of founders) {
    introduce(document);
    signers.set(key, idOf(textIn(document, "uri") ?? ""));
  }
  for (const { name, statement, document } of statements.toSorted((a, b) => a.time - b.time))
    if (name === "Enrolment") {
      // A party that enrols another key of its own may call itself by any name.
      if (statement.party !== statement.subject) introduce(document);
      signers.set(statement.subjectKey, statement.subject);
    }
  for (const { name, statement, document } of statements) {
    if (name !== "Operation" || document === null) continue;
    const party = textIn(document, "plotline:party");
    if (!parties.has(statement.party))
      parties.set(statement.party, { ...nobody(statement.party), uri: party });
    for (const uri of lotsIn(document)) lots.set(idOf(uri), uri);
    const ilmd = isObject(document["ilmd"]) ? document["ilmd"] : {};
    const [only] = statement.outputs;
    const product = wordsOf(ilmd["plotline:product"]);
    if (only !== undefined && product !== undefined) products.set(only.lot, product);
    const until =
      textIn(ilmd, "cbvmda:bestBeforeDate") ?? textIn(ilmd, "cbvmda:itemExpirationDate");
    if (until !== undefined) for (const { lot } of statement.outputs) bestBefore.set(lot, until);
    for (const made of objectsIn(ilmd["plotline:products"])) {
      const [lot, words] = [textIn(made, "plotline:lot"), wordsOf(made["plotline:product"])];
      const id = lot === undefined ? undefined : idOf(lot);
      // Whoever makes a lot names its product, and no other's.
      if (id !== undefined && words !== undefined && statement.outputs.some((o) => o.lot === id))
        products.set(id, words);
    }
  }
  return { parties, signers, lots, products, bestBefore };
}

const quantitiesIn = (document: Document | null): readonly Document[] =>
  ["quantityList", "inputQuantityList", "outputQuantityList"].flatMap((list) =>
    objectsIn(document?.[list]),
  );
/** The URIs of the lots that an event names. */
export const lotsIn = (document: Document): readonly string[] =>
  quantitiesIn(document).flatMap((item) => textIn(item, "epcClass") ?? []);

/** Goods of which a document tells another mass than was signed: the lot as it was signed, and the grams that are told. */
export function misquotedIn(document: Document | null, signed: readonly LotView[]) {
  const quantities = quantitiesIn(document);
  return signed.flatMap((lot) => {
    const item = quantities.find(({ epcClass }) => epcClass === lot.uri);
    const quantity = item?.["quantity"];
    const told = typeof quantity === "number" ? Math.round(quantity * 1000) : lot.mass;
    return told === lot.mass ? [] : [{ lot, told }];
  });
}

const nobody = (id: Hex): PartyView => ({
  id,
  uri: undefined,
  name: undefined,
  address: undefined,
});
export const partyIn = (book: Book, id: Hex): PartyView => book.parties.get(id) ?? nobody(id);

export function lotIn(book: Book, { lot: id, mass }: Portion): LotView {
  const uri = book.lots.get(id);
  const number = uri === undefined ? undefined : uri.slice(uri.lastIndexOf("/") + 1);
  return { id, uri, number, product: book.products.get(id), mass };
}
