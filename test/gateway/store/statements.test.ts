import { expect } from "chai";

import type { Hex } from "../../../gateway/core/bytes.ts";
import type { SignedStatement } from "../../../gateway/core/statement.ts";
import type { TraceError } from "../../../gateway/core/trace-error.ts";
import {
  insertCode,
  markEnrolment,
  pendingEnrolments,
  useCode,
} from "../../../gateway/store/people.ts";
import {
  highestNumber,
  insertStatement,
  markAgain,
  markConfirmed,
  markRefused,
  markSent,
  pendingStatements,
  statementByDigest,
  statementsBySubject,
} from "../../../gateway/store/statements.ts";
import {
  addAttempt,
  anchorsBetween,
  insertTransaction,
  markTransaction,
  nextNonce,
  openTransactions,
  transactionsIn,
} from "../../../gateway/store/transactions.ts";
import { deviceNamed } from "../samples.ts";
import { describeStores } from "./stores.ts";

const ZERO: Hex = `0x${"0".repeat(64)}`;
const KEY = deviceNamed("a farmer's key");
const LOT = deviceNamed("a lot");

/** A harvest with this number; what it says is not looked at here. */
const harvest = (number: number, lot = LOT): SignedStatement => ({
  name: "Operation",
  statement: {
    kind: 1,
    party: deviceNamed("a farmer"),
    key: KEY,
    number,
    time: 1_790_000_000,
    inputs: [],
    outputs: [{ lot, mass: 1_000 }],
    certificate: deviceNamed("a plot"),
    counterparty: ZERO,
    area: "0x000000000000",
    segregated: false,
    content: deviceNamed("an event"),
  },
  publicKey: `0x04${"11".repeat(64)}`,
  signature: "A".repeat(86),
  document: null,
});

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "accepted",
    (refusal: unknown) => (refusal as TraceError).code,
  );

describeStores("The store of statements", (store) => {
  const insert = (name: string, signed: SignedStatement, receivedAt = 5) =>
    store().write((transaction) =>
      insertStatement(transaction, { digest: deviceNamed(name), signed, receivedAt }),
    );

  it("keeps a statement once and says again what is known of it", async () => {
    await insert("first", harvest(1));
    await markRefused(store().db, deviceNamed("first"), "LotsExists");
    const again = await insert("first", harvest(1), 9);
    expect(again).to.include({ state: "refused", reason: "LotsExists", receivedAt: 5 });
    expect(again.signed).to.deep.equal(harvest(1));
  });

  it("takes a refused statement again, and leaves alone what is under way by now", async () => {
    const { db } = store();
    const digest = deviceNamed("first");
    const state = async () => (await statementByDigest(db, digest))?.state;
    await insert("first", harvest(1));
    await markRefused(db, digest, "LotsExists");
    await markAgain(db, digest);
    expect(await state()).to.equal("stored");
    await markSent(db, [digest]);
    await markAgain(db, digest); // the second of two that saw it refused
    expect(await state()).to.equal("sent");
  });

  it("refuses a number that stands for something else, and one that comes late", async () => {
    await insert("third", harvest(3));
    expect(await codeOf(insert("another third", harvest(3)))).to.equal("EQUIVOCATION");
    expect(await codeOf(insert("second", harvest(2)))).to.equal("REPLAYED");
    expect(await codeOf(insert("fifth", harvest(5)))).to.equal("accepted");
    expect(await highestNumber(store().db, KEY)).to.equal(5);
  });

  it("gives the same answer to all who bring one statement at once", async () => {
    const stored = await Promise.all([1, 2, 3].map(() => insert("first", harvest(1))));
    expect(new Set(stored.map(({ digest }) => digest)).size).to.equal(1);
  });

  it("lets one of two win who use a number for different things at once", async () => {
    const codes = await Promise.all([
      codeOf(insert("one", harvest(1))),
      codeOf(insert("other", harvest(1))),
    ]);
    expect(codes.toSorted()).to.deep.equal(["EQUIVOCATION", "accepted"]);
  });

  it("hands out what is pending as it came, and what is about a lot as the chain has it", async () => {
    await insert("a", harvest(1));
    await insert("b", harvest(2));
    await insert("c", harvest(3, deviceNamed("another lot")));
    await markSent(store().db, [deviceNamed("a")]);
    const pending = await pendingStatements(store().db, 10);
    expect(pending.map(({ digest }) => digest)).to.deep.equal(["b", "c"].map(deviceNamed));
    for (const [name, position] of [
      ["a", 7_000_001],
      ["b", 7_000_000],
    ] as const)
      await markConfirmed(store().db, {
        digest: deviceNamed(name),
        blockNumber: 7,
        blockTime: 1_790_000_001,
        position,
      });
    const about = await statementsBySubject(store().db, LOT, { role: "output" });
    expect(about.map(({ digest }) => digest)).to.deep.equal(["b", "a"].map(deviceNamed));
    const confirmed = await statementByDigest(store().db, deviceNamed("a"));
    expect(confirmed?.block).to.deep.equal({ number: 7, time: 1_790_000_001, position: 7_000_001 });
  });
});

describeStores("The store of transactions", (store) => {
  const sender = `0x${"aa".repeat(20)}` as const;
  const attempt = (name: string) => ({
    sender,
    raw: deviceNamed(`raw ${name}`),
    hash: deviceNamed(name),
    createdAt: 1,
  });

  it("owns the nonce, and remembers every transaction that was signed for it", async () => {
    const { db } = store();
    expect(await nextNonce(db, sender)).to.equal(undefined);
    await insertTransaction(db, {
      ...attempt("t"),
      nonce: 4,
      purpose: "anchor",
      payload: { size: 9 },
    });
    await addAttempt(db, { ...attempt("dearer"), nonce: 4, createdAt: 2, payload: { size: 11 } });
    const [open, ...more] = await openTransactions(db, sender);
    expect(more).to.deep.equal([]);
    expect(open).to.deep.include({ nonce: 4, payload: { size: 11 }, hash: deviceNamed("dearer") });
    expect(open?.attempts.map(({ hash }) => hash)).to.deep.equal(["t", "dearer"].map(deviceNamed));
    expect(await nextNonce(db, sender)).to.equal(5);
    await markTransaction(db, { sender, nonce: 4, state: "confirmed", hash: deviceNamed("t") });
    expect(await openTransactions(db, sender)).to.deep.equal([]);
    const [settled] = await transactionsIn(db, sender, ["confirmed"]);
    expect(settled?.payload, "of the attempt that was mined").to.deep.equal({ size: 9 });
    expect(await anchorsBetween(db, 0, 9)).to.deep.equal([{ size: 9, at: 1 }]);
  });

  it("gives a nonce to one transaction only", async () => {
    const given = { ...attempt("t"), nonce: 0, purpose: "anchor", payload: null };
    await insertTransaction(store().db, given);
    const twin = insertTransaction(store().db, { ...given, ...attempt("twin") });
    expect(await codeOf(twin)).not.to.equal("accepted");
  });
});

describeStores("The store of codes", (store) => {
  const codeHash = deviceNamed("a code");
  const use = (name: string, hash = codeHash) =>
    store().write((transaction) =>
      useCode(transaction, {
        codeHash: hash,
        keyId: deviceNamed(name),
        publicKey: `0x04${"22".repeat(64)}`,
        at: 3,
      }),
    );

  it("lets one key use a code, again and again, and no other", async () => {
    const byParty = deviceNamed("a cooperative");
    const code = { codeHash, subject: {}, roles: 1, label: "phone", byParty, createdAt: 1 };
    await insertCode(store().db, code);
    expect(await codeOf(insertCode(store().db, code))).to.equal("REPLAYED");
    expect(await codeOf(use("a key"))).to.equal("accepted");
    expect(await codeOf(use("a key"))).to.equal("accepted");
    expect(await codeOf(use("another key"))).to.equal("REPLAYED");
    expect(await codeOf(use("a key", deviceNamed("no code")))).to.equal("NOT_ALLOWED");
  });

  it("lets a key wait for an approval again, whose enrolment the chain refused", async () => {
    const { db } = store();
    const byParty = deviceNamed("a cooperative");
    await insertCode(db, {
      codeHash,
      subject: {},
      roles: 1,
      label: "phone",
      byParty,
      createdAt: 1,
    });
    await use("a key");
    const waiting = async () => (await pendingEnrolments(db, byParty)).map(({ keyId }) => keyId);
    await markEnrolment(db, deviceNamed("a key"), "approved");
    expect(await waiting()).to.deep.equal([]);
    const digest = deviceNamed("an enrolment");
    const subject = { subject: deviceNamed("a farm"), subjectKey: deviceNamed("a key") };
    const hand = { party: byParty, key: deviceNamed("its key"), number: 1 };
    const content = deviceNamed("a document");
    const statement = { ...hand, ...subject, roles: 1, from: 0, until: 9, content };
    const proof = { publicKey: `0x04${"11".repeat(64)}`, signature: "A", document: null } as const;
    const signed = { name: "Enrolment", statement, ...proof } as const;
    await insertStatement(db, { digest, signed, receivedAt: 1 });
    await markRefused(db, digest, "PartiesNotSponsor");
    expect(await waiting()).to.deep.equal([deviceNamed("a key")]);
  });
});
