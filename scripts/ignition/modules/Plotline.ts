import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { bitOf, CALLERS, GRANTS, SCHEME_RULES } from "../../../gateway/chain/wiring.ts";

/** The five contracts and who may do what. The deployer governs until the module Handover. */
export default buildModule("Plotline", (m) => {
  const accessManager = m.contract("AccessManager", [m.getAccount(0)]);
  const parties = m.contract("Parties", [accessManager]);
  const certificates = m.contract("Certificates", [accessManager, parties]);
  const lots = m.contract("Lots", [parties, certificates]);
  const checkpoints = m.contract("Checkpoints", [accessManager]);
  const contracts = { accessManager, parties, certificates, lots, checkpoints };

  for (const caller of CALLERS)
    m.call(parties, "admit", [contracts[caller], true], { id: `admit_${caller}` });
  m.call(certificates, "setSpender", [lots]);
  for (const [role, grants] of GRANTS)
    m.call(parties, "setGrants", [bitOf(role), grants], { id: `grants_of_${role}` });
  for (const { scheme, issuers, kind } of SCHEME_RULES)
    m.call(certificates, "setScheme", [scheme, issuers, kind], { id: `scheme_${scheme}` });

  return contracts;
});
