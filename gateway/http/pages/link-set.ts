/** What our addresses offer, as GS1's resolvers say it. */
import { DIGITAL_LINK, lotPath, type Lot } from "../../core/identifiers.ts";

interface Target {
  readonly href: string;
  readonly type: string;
  readonly title?: string;
  readonly hreflang?: readonly string[];
}

const VOCABULARY = "https://ref.gs1.org/voc/";

/** Link types that we have, in the order of GS1's web vocabulary, with where each leads for a lot. */
const LINKS: Readonly<Record<string, (path: string) => string>> = {
  pip: (path) => path,
  traceability: (path) => path,
  recallStatus: (path) => path,
  certificationInfo: (path) => path,
  epcis: (path) => `/bundle${path}`,
  verificationService: (path) => `/dossier${path}`,
};

/** The link set of a lot (RFC 9264, as GS1-Conformant Resolver 1.2 wants it). `origin` is how readers reach us. */
export function linkSetOf(origin: string, lot: Lot): object {
  const path = lotPath(lot.gtin, lot.lot);
  const targets = Object.entries(LINKS).map(([name, to]) => {
    const page = !to(path).startsWith("/bundle");
    const target: Target = {
      href: origin + to(path),
      type: page ? "text/html" : "application/json",
      ...(page && { hreflang: ["vi", "en"] }),
    };
    return [VOCABULARY + name, [target]] as const;
  });
  return {
    linkset: [
      {
        anchor: DIGITAL_LINK + path,
        [`${VOCABULARY}defaultLink`]: [{ href: origin + path, type: "text/html" }],
        ...Object.fromEntries(targets),
      },
    ],
  };
}

/** Where `?linkType=` leads, by its bare name, CURIE or full URI; nothing where we have no such link. */
export function linkOf(linkType: string, lot: Lot): string | undefined {
  const name = linkType.replace(VOCABULARY, "").replace(/^gs1:/, "");
  const path = lotPath(lot.gtin, lot.lot);
  if (name === "defaultLink") return path;
  return Object.hasOwn(LINKS, name) ? LINKS[name]?.(path) : undefined;
}

/** `/.well-known/gs1resolver`: the resolver description file. */
export const resolverDescription = (origin: string): object => ({
  name: "Plotline",
  resolverRoot: origin,
  supportedPrimaryKeys: ["01"],
  supportedLinkTypes: [
    {
      namespace: VOCABULARY,
      prefix: "gs1:",
      profile: `${VOCABULARY}?show=linktypes`,
    },
  ],
  linkTypeDefaultCanBeLinkset: false,
  validLinkTypes: Object.keys(LINKS).map((name) => `gs1:${name}`),
});
