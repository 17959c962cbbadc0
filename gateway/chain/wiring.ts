import { ROLES, SCHEMES, SENSOR } from "../core/operations.ts";

const { farmer, processor, exporter, certifier, cooperative, authority } = ROLES;

/** The contracts that may have keys' numbers spent by Parties. */
export const CALLERS = ["lots", "certificates"] as const;

/**
 * Which roles (bits) a key of a role may grant. No role grants itself, so a stolen key makes none of its own power,
 * and only governance makes an authority.
 */
export const GRANTS = [
  [cooperative, farmer | processor | exporter | SENSOR],
  [authority, farmer | processor | exporter | certifier | cooperative | SENSOR],
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
