import { expect } from "chai";

import { publicRequest } from "../../../gateway/chain/rpc-rules.ts";
import { fromHex, hexWord, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { readChainState } from "../../../gateway/core/chain-reader.ts";
import type { Watching } from "../../../gateway/core/chain-state.ts";
import { wordOf } from "../../../gateway/core/eip712.ts";
import { keccak256 } from "../../../gateway/core/keccak256.ts";
import { idOf, NOTHING } from "../../../gateway/core/recording.ts";
import { NOBODY } from "../../../gateway/core/trust.ts";
import { readWatches } from "../../../gateway/core/watch-pages.ts";
import { chainView } from "../../../gateway/index/chain-view.ts";
import { expectRejection } from "../../refusal.ts";
import { openBareWorld, type World } from "../chain/world.ts";

const CROWD = 7_000;
const [crowded, quiet] = [idOf("a place with a crowd of sensors"), idOf("a place without any")];

const watch = (from: number): Watching => {
  return { device: NOTHING, from, until: 9, interval: 1, taken: 1, content: NOTHING };
};
const watchesOf = (count: number) => Array.from({ length: count }, (_, i) => watch(i));

describe("All watches of a place", () => {
  let world: World;
  before(async () => {
    world = await openBareWorld();
    // What seven thousand registrations would leave there, but for what each says: a call that reads them costs the same.
    const slot = toHex(keccak256(fromHex(crowded), wordOf(10)));
    const { parties } = world.deployment;
    await world.chain.request("hardhat_setStorageAt", [parties, slot, hexWord(CROWD)]);
  });
  after(() => world.close());

  it("are read though seven thousand are more than an endpoint's call may read", async () => {
    const { accessManager: _, block: __, ...deployment } = world.deployment;
    const request = publicRequest(world.chain.request);
    const wanted = { ...NOBODY, places: [quiet, crowded] };
    const { watches } = await readChainState({ request, deployment, wanted });
    expect([watches[crowded]?.length, watches[quiet]?.length]).to.deep.equal([CROWD, 0]);
    const view = await chainView(request, deployment).watches([crowded, quiet, crowded]);
    expect(view.map(({ length }) => length)).to.deep.equal([CROWD, 0, CROWD]);
  });

  it("come in their order, however many places are asked for, with whatever number of watches", async () => {
    const counts = [0, 1, 15, 16, 17, 31, 32, 33, 511, 512, 513, 1_025];
    for (const places of [1, 2, 32, 33, 70]) {
      const told = Object.fromEntries(
        Array.from({ length: places }, (_, i) => [
          idOf(`place ${i}`),
          watchesOf(counts[(i + places) % counts.length] ?? 0),
        ]),
      ) as Record<Hex, Watching[]>;
      const read = await readWatches(Object.keys(told) as Hex[], async (page) => {
        expect(page.places.length * page.limit).to.be.at.most(512);
        const end = page.offset + page.limit;
        return page.places.map((place) => told[place]?.slice(page.offset, end));
      });
      expect(read).to.deep.equal(told);
    }
  });

  it("are one question where nobody asks for many", async () => {
    let asked = 0;
    await readWatches([crowded, quiet], async () => {
      asked += 1;
      return [watchesOf(3), []];
    });
    expect(asked).to.equal(1);
  });

  it("are not believed from an endpoint that never comes to an end, or answers something else", async () => {
    const full = watchesOf(512);
    await expectRejection(
      "UNAVAILABLE",
      readWatches([crowded], async () => [full]),
    );
    for (const pages of [[], [[], []], [watchesOf(513)]])
      await expectRejection(
        "BAD_ENCODING",
        readWatches([crowded], async () => pages),
      );
  });
});
