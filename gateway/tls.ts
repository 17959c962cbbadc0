import { createPrivateKey, X509Certificate } from "node:crypto";

import { z } from "zod";

/** What makes a TLS connection ours, in PEM: whom we trust, and who we are. */
export type Tls = {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

/** One or more certificates (X.509) in PEM. */
export const certificates = z
  .string()
  .refine((text) => succeeds(() => new X509Certificate(text)), "not a certificate in PEM");

/** A private key in PEM, without a passphrase. */
export const privateKey = z
  .string()
  .refine((text) => succeeds(() => createPrivateKey(text)), "not a private key in PEM");

/** What is wrong with the certificates of MQTT_CA, MQTT_CERT and MQTT_KEY, each of which is well-formed. */
export function* tlsTroubles(
  mqttUrl: string | undefined,
  { ca, cert, key }: Tls,
): Iterable<string> {
  if (ca === undefined && cert === undefined && key === undefined) return;
  if (mqttUrl === undefined && ca !== undefined)
    yield "MQTT_CA: goes with MQTT_URL; our own broker knows devices by their keys";
  if (mqttUrl !== undefined && !/^(mqtts|wss):/.test(mqttUrl))
    yield "MQTT_URL: with MQTT_CA or MQTT_CERT it begins with mqtts: or wss:";
  if (cert === undefined && key !== undefined) yield "MQTT_CERT: MQTT_KEY is there without it";
  if (cert !== undefined && key === undefined) yield "MQTT_KEY: MQTT_CERT is there without it";
  if (cert === undefined || key === undefined) return;
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    yield "MQTT_KEY: not the key of the certificate in MQTT_CERT";
}

function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
