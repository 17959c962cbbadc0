import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Interface } from "ethers";

/** The built ABI of one of contracts/interfaces, as ethers reads it: somebody else's opinion on our own encoding. */
export const abiOf = (name: string): Interface =>
  new Interface(
    (
      JSON.parse(
        readFileSync(
          join(import.meta.dirname, `../artifacts/contracts/interfaces/${name}.sol/${name}.json`),
          "utf8",
        ),
      ) as { abi: [] }
    ).abi,
  );
