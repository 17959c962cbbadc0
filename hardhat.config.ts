import { fileURLToPath } from "node:url";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition";
import hardhatIgnitionEthers from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatVerify from "@nomicfoundation/hardhat-verify";
import { defineConfig } from "hardhat/config";

// The compiler comes from the lock file, so that nothing is downloaded when contracts are built. The IR pipeline
// takes 4,000 gas off an operation, which the budgets in contracts/README.md need.
const compiler = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: { optimizer: { enabled: true, runs: 10_000 }, viaIR: true, evmVersion: "osaka" },
};

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatChaiMatchers,
    hardhatIgnition,
    hardhatIgnitionEthers,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatVerify,
  ],
  // The same settings in both profiles: the gas that is tested is the gas that is deployed.
  solidity: {
    profiles: { default: { compilers: [compiler] }, production: { compilers: [compiler] } },
    splitTestsCompilation: true, // what only the Solidity tests need takes a minute to compile
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  paths: { ignition: "scripts/ignition" },
  test: {
    mocha: { timeout: 120_000 },
    solidity: { fuzz: { runs: 1_000 }, invariant: { runs: 256, depth: 64 } },
  },
});
