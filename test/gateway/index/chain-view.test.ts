import { expect } from "chai";

import type { Request } from "../../../gateway/core/chain-state.ts";
import { encodeView } from "../../../gateway/core/views.ts";
import { chainView } from "../../../gateway/index/chain-view.ts";
import { expectRejection } from "../../refusal.ts";
import { harvestOf, lotNamed, openWorld, type World } from "../chain/world.ts";
import { signedCall } from "../../contracts/person.ts";

const [first, second] = [lotNamed("V1"), lotNamed("V2")];

describe("What the gateway's node says of many lots", () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    const { deployment, farm, plot } = world;
    const harvest = harvestOf(second, plot, 20);
    await world.relay("lots", signedCall(deployment, farm, "Operation", harvest));
  });
  after(() => world.close());

  const viewBy = (request: Request) => chainView(request, world.deployment);

  it("comes in the order of the lots", async () => {
    const told = await viewBy(world.chain.request).lots([first, second]);
    expect(told.map(({ mass }) => mass)).to.deep.equal([0, 20]);
  });

  it("is of none where the chain is away, whatever was asked", async () => {
    const away = viewBy(() => Promise.reject(new TypeError("fetch failed")));
    await expectRejection("UNAVAILABLE", away.block());
    await expectRejection("UNAVAILABLE", away.lots([first]));
    await expectRejection("UNAVAILABLE", viewBy(() => Promise.resolve(null)).block());
  });

  it("is of none where it says less, or more, than was asked: one lot's state would be another's", async () => {
    for (const ids of [[], [second], [second, first, second]]) {
      const data = encodeView("lotsOf", { ids });
      const short: Request = (method, [call, tag]) =>
        world.chain.request(method, [{ ...(call as object), data }, tag]);
      await expectRejection("BAD_ENCODING", viewBy(short).lots([first, second]));
    }
  });
});
