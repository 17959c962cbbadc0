import type { Bundle, Log } from "../gateway/core/bundle.ts";
import { fromBase64Url, toBase64Url } from "../gateway/core/bytes.ts";
import { parseJson } from "../gateway/core/canonical.ts";
import { sha256OfText } from "../gateway/core/hash.ts";
import { readTrust } from "../gateway/core/trust.ts";
import type { Trust } from "../gateway/core/verify.ts";
import { requestAt } from "../gateway/chain/providers.ts";
import { PEOPLE, SOURCES } from "../scripts/season/cast.ts";
import { seasonClock, type SeasonClock } from "../scripts/season/clock.ts";
import { openDevices } from "../scripts/season/devices.ts";
import { anchored, ask, type Doors } from "../scripts/season/doors.ts";
import { playSeason } from "../scripts/season/play.ts";
import { START } from "../scripts/season/time.ts";
import { openGateway, type OpenGateway } from "./gateway/open.ts";

export const LOG_SEED = sha256OfText("the log of a season that is tested");

/** A gateway on which one whole season was played through the public doors. */
export type Season = {
  readonly gateway: OpenGateway;
  readonly clock: SeasonClock;
  readonly doors: Doors;
  readonly logKey: Uint8Array;
  readonly bundleOf: (lot: string) => Promise<Bundle>;
  /** What the reader's own reading of the chain says about a bundle. */
  readonly trustOf: (bundle: unknown, lot: string) => Promise<Trust>;
};

/** Plays the season on a gateway of its own, and lets it live on at the time of `now` (ms); its `end` is the caller's to call. */
export async function playedSeason(now = Date.now): Promise<Season> {
  const clock = seasonClock(START * 1_000, now);
  const { uri, words } = PEOPLE.province;
  const gateway = await openGateway({
    now: clock.now,
    environment: {
      AUTHORITY_URI: uri,
      AUTHORITY_NAME: `${words.vi} | ${words.en}`,
      LOG_KEY: toBase64Url(LOG_SEED),
      SOURCES: SOURCES.sourcesFile,
      SOURCES_KEY: SOURCES.sourcesKey,
    },
  });
  const { urls, deployment, invitation } = gateway;
  const doors = { url: urls.http, deployment };
  const { log } = await ask<{ log: Log }>(`${urls.http}/api/deployment`);
  const logKey = fromBase64Url(log.publicKey);
  const devices = await openDevices(urls.mqtt, { now: clock.now, logKey });
  await playSeason({ doors, clock, invitation, publish: devices.publish, tell: () => {} });
  clock.join();
  await devices.receipted();
  await devices.close();
  await anchored(doors);
  const bundleOf = async (lot: string): Promise<Bundle> => {
    const answer = await fetch(`${urls.http}/bundle${new URL(lot).pathname}`);
    return parseJson(await answer.text()) as Bundle;
  };
  const requests = urls.rpc.map((url) => requestAt([url]));
  const trustOf = (bundle: unknown, lot: string): Promise<Trust> =>
    readTrust(bundle, { lot, deployment, log, requests });
  return { gateway, clock, doors, logKey, bundleOf, trustOf };
}
