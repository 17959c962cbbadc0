import { expect } from "chai";

import { toHex } from "../../../gateway/core/bytes.ts";
import { buildLogin } from "../../../gateway/core/device-login.ts";
import { topicOf } from "../../../gateway/core/topics.ts";
import type { Tls } from "../../../gateway/tls.ts";
import { hasOpenssl, makeAuthority, type Authority } from "../../certificates.ts";
import { GATEWAY_USER, makeMosquitto, MOSQUITTO, type Mosquitto } from "../../faults/mosquitto.ts";
import { deviceNamed } from "../samples.ts";
import { KEY, openGateways, packOf, READINGS, until, USER, type Gateways } from "./gateways.ts";

describe("TLS", function () {
  this.timeout(30_000);
  let [authority, stranger]: [Authority, Authority] = [] as never;
  let gateways: Gateways;
  let broker: Mosquitto | undefined;

  before(function () {
    if (!hasOpenssl() && process.env["REQUIRE_SERVICES"] === undefined) return this.skip();
    [authority, stranger] = [makeAuthority("an authority"), makeAuthority("a stranger")];
  });
  beforeEach(async () => {
    gateways = await openGateways();
  });
  afterEach(async () => {
    await gateways?.end();
    await broker?.remove();
    broker = undefined;
  });

  const startBroker = async (mutual: boolean): Promise<void> => {
    const tls = { ...authority.issue("a broker"), ca: authority.cert, mutual };
    broker = await makeMosquitto("shipped", {}, tls);
    await broker.start();
  };
  const url = (): string => `mqtts://127.0.0.1:${broker?.tlsPort}`;
  const clientId = "plotline-test";

  const withMosquitto = MOSQUITTO === undefined ? describe.skip : describe;

  withMosquitto("to somebody else's broker that wants certificates", () => {
    beforeEach(() => startBroker(true));

    const gatewayWith = (tls: Tls) => gateways.start({ url: url(), clientId, tls });
    const ours = (from = authority) => from.issue(GATEWAY_USER.username);

    it("takes readings with the gateway's own certificate, from a device with its own", async () => {
      const ca = authority.cert;
      const { connected } = await gatewayWith({ ca, ...ours() });
      await until(connected);
      const device = await gateways.device(url(), { ca, ...authority.issue(USER) });
      await device.publishAsync(READINGS, await packOf(0), { qos: 1 });
      await until(async () => (await gateways.stored()) === 1);
    });

    const refusals: readonly [string, () => Tls, RegExp][] = [
      ["without a certificate", () => ({ ca: authority.cert }), /certificate required/],
      [
        "with a stranger's certificate",
        () => ({ ca: authority.cert, ...ours(stranger) }),
        /alert unknown ca/,
      ],
      [
        "where nobody vouches for the broker",
        () => ({ ca: stranger.cert, ...ours() }),
        /self-signed certificate in certificate chain/,
      ],
    ];
    for (const [how, tls, why] of refusals)
      it(`is not there ${how}, and says why`, async () => {
        const { brokerTrouble, connected } = await gatewayWith(tls());
        await until(() => brokerTrouble() !== undefined);
        expect(String(brokerTrouble())).to.match(why);
        expect(connected()).to.equal(false);
      });

    it("lets a device with a certificate write nothing of another", async () => {
      const options = { ca: authority.cert, ...authority.issue(USER) };
      const device = await gateways.device(url(), { protocolVersion: 5, ...options });
      const refusal: unknown = await device
        .publishAsync(topicOf(deviceNamed("another device"), "readings"), "x", { qos: 1 })
        .catch((thrown: unknown) => thrown);
      expect(refusal).to.have.property("code", 0x87); // MQTT 5, 3.4.2.1: not authorized
    });
  });

  withMosquitto("to somebody else's broker that wants passwords", () => {
    beforeEach(() => startBroker(false));

    const gatewayWith = (password: string) => {
      const place = new URL(url());
      [place.username, place.password] = [GATEWAY_USER.username, password];
      return gateways.start({ url: place.href, clientId, tls: { ca: authority.cert } });
    };

    it("is let in with the right one", async () => {
      const { connected } = await gatewayWith(GATEWAY_USER.password);
      await until(connected);
    });

    it("is refused with a wrong one, says so, and asks again in MQTT 5", async () => {
      const { brokerTrouble, connected } = await gatewayWith("wrong");
      await until(() => brokerTrouble() !== undefined);
      const first = brokerTrouble();
      await until(() => brokerTrouble() !== first);
      expect(brokerTrouble()).to.have.property("code", 0x87); // MQTT 5, 3.2.2.2: not authorized
      expect(connected()).to.equal(false);
    });
  });

  it("to our own broker takes devices that know its authority, and none without TLS", async () => {
    const tls = authority.issue("our broker");
    const { mqttPort } = await gateways.start({ host: "127.0.0.1", port: 0, tls });
    const time = Math.floor(Date.now() / 1_000);
    const claims = { device: KEY.keyId, publicKey: toHex(KEY.publicKey), time };
    const options = { username: USER, password: await buildLogin(claims, KEY.sign) };
    const [ca, at] = [authority.cert, `127.0.0.1:${mqttPort}`];
    const device = await gateways.device(`mqtts://${at}`, { ca, ...options });
    await device.publishAsync(READINGS, await packOf(0), { qos: 1 });
    expect(await gateways.stored()).to.equal(1); // its PUBACK says so
    for (const [place, more] of [
      [`mqtts://${at}`, { ca: stranger.cert }],
      [`mqtt://${at}`, {}],
    ] as const) {
      const refused = gateways.device(place, { ...options, ...more });
      expect(await refused.catch((thrown: unknown) => thrown)).to.be.instanceOf(Error);
    }
  });
});
