import { expect } from "chai";

import { groupCommits } from "../../gateway/commits.ts";

/** A store that others have until it is free, or that cannot be had. */
function busyStore() {
  const committed: (readonly string[])[] = [];
  const asked: { readonly free: () => void; readonly refuse: (reason: Error) => void }[] = [];
  return {
    committed,
    write: async (take: () => readonly string[]): Promise<readonly string[]> => {
      await new Promise<void>((free, refuse) => {
        asked.push({ free, refuse });
      });
      const batch = take();
      committed.push(batch);
      return batch.map((item) => `${item}, kept`);
    },
    /** When somebody waits for it. */
    wanted: async () => {
      for (;;) {
        const first = asked.shift();
        if (first !== undefined) return first;
        await turn();
      }
    },
  };
}

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe("A group commit", () => {
  it("takes along what comes while others have the store", async () => {
    const { write, committed, wanted } = busyStore();
    const commits = groupCommits(write);
    const early = commits.add("early");
    const { free } = await wanted();
    const late = commits.add("late");
    expect(commits.waiting()).to.equal(2);
    free();
    expect(await Promise.all([early, late])).to.deep.equal(["early, kept", "late, kept"]);
    expect(committed).to.deep.equal([["early", "late"]]);
    await commits.drained();
    expect(commits.waiting()).to.equal(0);
  });

  it("takes no more than it may, in the order of arrival", async () => {
    const { write, committed, wanted } = busyStore();
    const commits = groupCommits(write, 2);
    const all = ["a", "b", "c"].map((item) => commits.add(item));
    for (let batch = 0; batch < 2; batch++) (await wanted()).free();
    await Promise.all(all);
    expect(committed).to.deep.equal([["a", "b"], ["c"]]);
  });

  it("is the same batch however often it is asked for, so that a write may be tried again", async () => {
    const taken: (readonly string[])[] = [];
    const commits = groupCommits<string, string>(async (take) => {
      taken.push(take(), take());
      return take();
    });
    expect(await Promise.all([commits.add("a"), commits.add("b")])).to.deep.equal(["a", "b"]);
    expect(taken).to.deep.equal([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("refuses those who wait when the store cannot be had, and takes those who come after", async () => {
    const { write, wanted } = busyStore();
    const commits = groupCommits(write);
    const refused = Promise.allSettled([commits.add("a"), commits.add("b")]);
    (await wanted()).refuse(new Error("no connection"));
    expect((await refused).map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    const taken = commits.add("c");
    (await wanted()).free();
    expect(await taken).to.equal("c, kept");
    expect(commits.waiting()).to.equal(0);
  });
});
