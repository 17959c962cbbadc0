import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";

import type { BlockAnswer } from "./embedded-folder.ts";
import { chainOf, openFolder } from "./embedded-folder.ts";

const PROGRAM = join(import.meta.dirname, "killed-chain.ts");

describe("an embedded chain that is killed", () => {
  it("has every block that anybody saw, kill after kill", async () => {
    const folder = await openFolder();
    const seen: string[] = [];
    for (const blocks of [1, 7, 2, 30, 11]) {
      const child = spawn(process.execPath, [PROGRAM, folder.path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let left = blocks;
      for await (const hash of createInterface(child.stdout)) {
        seen.push(hash);
        // What it says between the signal and its end was seen as well.
        if (--left === 0) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      expect(child.signalCode).to.equal("SIGKILL");
    }
    const chain = await chainOf(folder.path);
    const hashes: string[] = [];
    for (let number = 1; ; number++) {
      const block = await chain.request("eth_getBlockByNumber", [
        `0x${number.toString(16)}`,
        false,
      ]);
      if (block === null) break;
      hashes.push((block as BlockAnswer).hash);
    }
    // A block that was mined and never said may lie between two lives; none that was said may be missing.
    expect(hashes.filter((hash) => seen.includes(hash))).to.deep.equal(seen);
    expect(hashes.length - seen.length).to.be.within(0, 5);
    await chain.close();
    await folder.close();
  });
});
