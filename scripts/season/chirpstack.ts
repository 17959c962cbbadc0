import { readFileSync } from "node:fs";

import { connectAsync } from "mqtt";

import { SOURCES } from "./cast.ts";
import type { Measured } from "./readings.ts";

type Servers = {
  readonly servers: readonly [
    { readonly application: string; readonly user: string; readonly password: string },
  ];
};

/** A network server at a broker, which says of its devices what ChirpStack v4 says when a codec has decoded them. */
export async function openChirpStack(url: string) {
  const { servers } = JSON.parse(readFileSync(SOURCES.sourcesFile, "utf8")) as Servers;
  const [{ application, user, password }] = servers;
  const client = await connectAsync(url, { clientId: user, username: user, password });
  return {
    /** The newest of some readings, as one uplink; resolves when the broker has acknowledged it. */
    publish: async (devEui: string, fCnt: number, records: readonly Measured[]): Promise<void> => {
      const time = Math.max(...records.map((record) => record.time));
      const newest = records.filter((record) => record.time === time);
      const event = {
        deduplicationId: `${devEui}-${fCnt}`,
        time: new Date(time).toISOString(),
        deviceInfo: { applicationId: application, deviceName: "shelf", devEui },
        devAddr: "01a3f2c4",
        fCnt,
        fPort: 85,
        object: Object.fromEntries(newest.map(({ name, value }) => [name, value])),
        rxInfo: [],
      };
      const topic = `application/${application}/device/${devEui}/event/up`;
      await client.publishAsync(topic, JSON.stringify(event), { qos: 1 });
    },
    close: () => client.endAsync(),
  };
}
