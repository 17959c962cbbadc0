import { expect } from "chai";

import type { Bundle } from "../../../gateway/core/bundle.ts";
import type { ChainState, Request } from "../../../gateway/core/chain-state.ts";
import { judgeOutgrown } from "../../../gateway/core/outgrown.ts";
import { verifyTrail, type Trust } from "../../../gateway/core/verify.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { at, bags, cashewWorld, certifier, cooperative, FACTORY, GI } from "./cashew.ts";
import { kernels, PLACES, works } from "./cashew.ts";
import { hashOfBlock, statedChain } from "./stated-chain.ts";
import type { World } from "./trails.ts";

const KEPT = 700; // the last block before anything newer
const NEWEST = 1_000;

describe("Records that were kept, when the chain has newer ones", function () {
  this.timeout(20_000);
  let world: World;
  let kept: Bundle;
  let before: ChainState;
  beforeEach(async () => {
    world = await cashewWorld();
    kept = await world.bundleOf(bags.lot);
    before = world.trustOf(bags.lot, PLACES).state;
  });
  const note = (): unknown =>
    world.record(
      works,
      { kind: "note", lot: bags.lot, step: "inspecting", place: FACTORY, memo: "still dry" },
      at(90),
    );

  /** As of now; blocks before `remembered` are forgotten. */
  async function judge(
    bundle: Bundle,
    remembered = 0,
    forgetful: (honest: Request) => Request = (honest) => honest,
  ): Promise<Report | undefined> {
    const trust: Trust = world.trustOf(bags.lot, PLACES);
    const { time } = before.block;
    const stateAt = (number: number): ChainState | undefined => {
      if (number < remembered) return undefined;
      const state = number <= KEPT ? before : trust.state;
      const timeThen = number <= KEPT ? time - (KEPT - number) * 600 : trust.state.block.time;
      return { ...state, block: { number, hash: hashOfBlock(number), time: timeThen } };
    };
    const now = { ...trust, state: { ...trust.state, ...stateAt(NEWEST) } };
    const { lot, log } = trust;
    const requests = [forgetful(statedChain(NEWEST, stateAt))];
    const asking = { lot, log, deployment: before.deployment, requests };
    const report = await verifyTrail(bundle, now);
    return judgeOutgrown(bundle, { trust: now, report }, asking);
  }

  it("are as the chain was until the newer ones, and neither complete nor current now", async () => {
    note();
    const report = await judge(kept);
    expect(report?.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    expect(report).to.deep.include({ newer: 1, outcome: "unchecked" });
    expect(report?.asOf.block).to.equal(KEPT);
    expect(report?.questions).to.include({
      authentic: "holds",
      anchored: "holds",
      complete: "unchecked",
      current: "unchecked",
    });
  });

  it("are judged as of now where the chain has nothing newer", async () => {
    expect(await judge(kept)).to.equal(undefined);
  });

  it("are withheld, not old, when one in the middle is missing", async () => {
    const middle = kept.statements.findIndex(
      ({ name, statement }) => name === "Operation" && statement.kind === 7,
    );
    note();
    const statements = kept.statements.filter((_, index) => index !== middle);
    expect(middle).to.be.greaterThan(0);
    expect(await judge({ ...kept, statements })).to.equal(undefined);
  });

  it("are withheld, not old, when one was altered", async () => {
    note();
    const statements = kept.statements.map((one) =>
      one.name === "Operation" && one.statement.kind === 7
        ? { ...one, document: { ...one.document, "plotline:memo": "organic" } }
        : one,
    );
    expect(await judge({ ...kept, statements } as Bundle)).to.equal(undefined);
  });

  it("are not current when a lot was recalled since", async () => {
    world.record(
      works,
      { kind: "recall", lot: kernels.lot, place: FACTORY, memo: "mould" },
      at(90),
    );
    expect(await judge(kept)).to.equal(undefined);
  });

  it("are not current when a certificate was revoked since", async () => {
    note();
    world.revokeGrant(certifier, GI, at(91));
    expect(await judge(kept)).to.equal(undefined);
  });

  it("are not authentic when a key that signed them was revoked for the past since", async () => {
    note();
    world.revokeKey(cooperative, works, at(40));
    expect(await judge(kept)).to.equal(undefined);
  });

  it("cannot be told from withheld ones when no endpoint remembers that block", async () => {
    note();
    expect(await judge(kept, KEPT + 1)).to.equal(undefined);
  });

  it("cannot be told from withheld ones when the endpoint breaks down over old blocks", async () => {
    note();
    const pruned =
      (honest: Request): Request =>
      (method, params) =>
        method === "eth_getBlockByNumber" && Number(params[0]) < NEWEST
          ? Promise.reject(new Error("pruned history unavailable"))
          : honest(method, params);
    expect(await judge(kept, 0, pruned)).to.equal(undefined);
  });
});
