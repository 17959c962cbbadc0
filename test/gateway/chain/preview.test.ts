import { expect } from "chai";

import { preview, refusalOf } from "../../../gateway/chain/preview.ts";
import { RpcError } from "../../../gateway/core/rpc-error.ts";
import { requestOver } from "../../../gateway/chain/request.ts";
import type { Request } from "../../../gateway/core/chain-state.ts";
import { refusalIn } from "../../../gateway/core/refusals.ts";
import { signedBy } from "../../contracts/person.ts";
import { expectRejection } from "../../refusal.ts";
import { harvestOf, lotNamed, openWorld, type World } from "./world.ts";

describe("the preview of a statement", () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const harvest = (mass: number) =>
    signedBy(
      world.deployment,
      world.farm,
      "Operation",
      harvestOf(lotNamed("P1"), world.plot, mass),
    );

  it("says nothing of what its contract would take, and leaves no trace", async () => {
    await preview({ request: world.chain.request, deployment: world.deployment }, harvest(10));
    await preview({ request: world.chain.request, deployment: world.deployment }, harvest(10));
  });

  it("says why its contract would refuse it, in process and over HTTP", async () => {
    for (const request of [world.chain.request, requestOver(world.chain.url ?? "")]) {
      const parts = { request, deployment: world.deployment };
      const refusal = await refusalOf(parts, harvest(1_000_001));
      expect(refusal?.name).to.equal("CertificatesQuotaExceeded");
      expect(refusal?.args).to.include({ mass: "1000001", left: "1000000" });
      const error = await expectRejection("RULE_BROKEN", preview(parts, harvest(1_000_001)));
      expect(refusalIn(error)?.name).to.equal("CertificatesQuotaExceeded");
      const other = { ...harvest(1), signature: harvest(1).signature };
      await expectRejection("BAD_SIGNATURE", preview(parts, other));
    }
  });

  it("judges the time by the clock and not by the newest block", async () => {
    const now = { ...harvestOf(lotNamed("P2"), world.plot), time: 1_760_000_000 };
    const late = { ...now, time: 1_760_100_000 };
    const parts = { request: world.chain.request, deployment: world.deployment };
    const say = (said: typeof now) => signedBy(world.deployment, world.farm, "Operation", said);
    expect(await refusalOf(parts, say(now))).to.equal(null);
    expect((await refusalOf(parts, say(late)))?.name).to.equal("LotsFutureTime");
  });

  it("asks for the newest block where the node knows no next one", async () => {
    const request: Request = (method, params) => {
      if (params.includes("pending")) throw new RpcError(-32602, "unknown block");
      return world.chain.request(method, params);
    };
    const parts = { request, deployment: world.deployment };
    expect(await refusalOf(parts, harvest(10))).to.equal(null);
    expect((await refusalOf(parts, harvest(2_000_000)))?.name).to.match(/QuotaExceeded/);
  });

  it("says UNAVAILABLE where the chain does not answer", async () => {
    const failing = (error: unknown) => ({
      request: async () => {
        throw error;
      },
      deployment: world.deployment,
    });
    for (const error of [new Error("fetch failed"), { code: -32005, message: "busy" }, null])
      await expectRejection("UNAVAILABLE", preview(failing(error), harvest(1)));
  });
});
