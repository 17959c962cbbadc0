import { fileURLToPath } from "node:url";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition";
import hardhatIgnitionEthers from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatVerify from "@nomicfoundation/hardhat-verify";
import { configVariable, defineConfig } from "hardhat/config";

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
  // The same build in both profiles: what is tested is what is deployed, byte for byte and with the same gas.
  solidity: {
    profiles: {
      default: { compilers: [compiler] },
      production: { compilers: [compiler], isolated: false },
    },
    splitTestsCompilation: true, // what only the Solidity tests need takes a minute to compile
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  networks: {
    // Any chain; the variables are read when something is deployed, from the environment or Hardhat's keystore.
    rpc: {
      type: "http",
      url: configVariable("RPC_URL"),
      accounts: [configVariable("DEPLOYER_KEY")],
    },
  },
  paths: { ignition: "scripts/ignition" },
  test: {
    mocha: { timeout: 120_000 },
    solidity: { fuzz: { runs: 1_000 }, invariant: { runs: 256, depth: 64 } },
  },
});
