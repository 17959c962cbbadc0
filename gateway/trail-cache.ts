import type { Bundle } from "./core/bundle.ts";
import { newestPosition } from "./store/views.ts";
import { buildBundle, type TrailParts } from "./trail.ts";

/** Bundles for readers. The same lot asked by many at once is built once. */
export type Trails = (lotUri: string) => Promise<Bundle>;

type Kept = { readonly version: string; readonly bundle: Promise<Bundle> };

const MOST = 100;

/**
 * Keeps bundles for as long as nothing has happened that could change them: no new block, nothing newly confirmed, no new
 * anchor. A recall is in the next answer. Throws what `buildBundle` throws.
 */
export function keepTrails(parts: TrailParts): Trails {
  const kept = new Map<string, Kept>();
  const versionNow = async (): Promise<string> => {
    const [block, position] = await Promise.all([
      parts.chain.block(),
      newestPosition(parts.store.db),
    ]);
    return `${block.number}/${position}`; // an anchor is a block too
  };
  return async (lotUri) => {
    const version = await versionNow();
    const known = kept.get(lotUri);
    if (known?.version === version) return known.bundle;
    const bundle = buildBundle(parts, lotUri);
    kept.delete(lotUri);
    const [oldest] = kept.keys();
    if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest);
    kept.set(lotUri, { version, bundle });
    bundle.catch(() => {
      if (kept.get(lotUri)?.bundle === bundle) kept.delete(lotUri);
    });
    return bundle;
  };
}
