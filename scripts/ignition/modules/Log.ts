import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Plotline from "./Plotline.ts";

/** Opens one log. Parameters: `logId`, SHA-256 of its checkpoint origin line; `operator`, who may anchor it. */
export default buildModule("Log", (m) => {
  const { checkpoints } = m.useModule(Plotline);
  m.call(checkpoints, "open", [m.getParameter("logId"), m.getParameter("operator")]);
  return { checkpoints };
});
