import { Interface, type InterfaceAbi } from "ethers";

import { ROLES, SCHEMES } from "../core/operations.ts";
import { CERTIFICATES_ABI, PARTIES_ABI } from "./contracts.ts";

const { farmer, processor, exporter, certifier, cooperative, authority, device } = ROLES;

const selectorOf = (abi: InterfaceAbi, name: string): string =>
  new Interface(abi).getFunction(name)?.selector ?? "";

/**
 * Roles of the AccessManager that contracts hold: which function each opens, and to whom.
 * Role 0, its admin, is governance; every other restricted function is for it.
 */
export const CALLERS = [
  {
    role: 1n,
    target: "parties",
    selector: selectorOf(PARTIES_ABI, "authorise"),
    callers: ["lots", "certificates"],
  },
  {
    role: 2n,
    target: "certificates",
    selector: selectorOf(CERTIFICATES_ABI, "spend"),
    callers: ["lots"],
  },
] as const;

/**
 * Which roles (bits) a key of a role may grant. No role grants itself, so a stolen key makes none of its own power,
 * and only governance makes an authority.
 */
export const GRANTS = [
  [cooperative, farmer | processor | exporter | device],
  [authority, farmer | processor | exporter | certifier | cooperative | device],
] as const;

/** Who may issue what. Kind 1 is a plot, drawn on by harvests; 2 a claim, spent on lots. */
export const SCHEME_RULES = [
  { scheme: SCHEMES.growingArea, issuers: certifier | authority, kind: 1 },
  { scheme: SCHEMES.gi, issuers: certifier | authority, kind: 2 },
  { scheme: SCHEMES.organic, issuers: certifier, kind: 2 },
  { scheme: SCHEMES.packing, issuers: certifier | authority, kind: 2 },
] as const;

/** The number of the one bit of a role, as `setGrants` wants it. */
export const bitOf = (role: number): number => Math.log2(role);
