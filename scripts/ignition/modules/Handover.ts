import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Log from "./Log.ts";
import Plotline from "./Plotline.ts";

const ADMIN = 0;

/** Makes `governance` (a multisig) the only admin. The deployer leaves last, when everything else is done. */
export default buildModule("Handover", (m) => {
  const contracts = m.useModule(Plotline);
  const { checkpoints } = m.useModule(Log);
  const { accessManager } = contracts;
  const arrived = m.call(accessManager, "grantRole", [ADMIN, m.getParameter("governance"), 0], {
    after: [checkpoints],
  });
  m.call(accessManager, "renounceRole", [ADMIN, m.getAccount(0)], { after: [arrived] });
  return contracts;
});
