import { utf8ToBytes } from "../../../gateway/core/bytes.ts";

/** Uplinks of the shape that their servers' documentation shows, with values of our own. */
export const DEV_EUI = "24e124136d4a7b01";
export const APPLICATION = "5f0b6c1e-6a7e-4b0a-9a6d-2b6f7c1f9d10";

export const CHIRPSTACK = {
  deduplicationId: "0c7a4f0e-2c4b-4a8e-8f0d-5c0a1a1f7b11",
  time: "2026-03-02T07:59:30.123456+00:00",
  deviceInfo: {
    tenantId: "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
    tenantName: "HTX",
    applicationId: APPLICATION,
    applicationName: "kho",
    deviceProfileId: "3f5b1d7c-9f0e-4c9f-9b2f-2f6f6f1c2a33",
    deviceProfileName: "EM300-TH",
    deviceName: "kho-2",
    devEui: DEV_EUI,
    deviceClassEnabled: "CLASS_A",
    tags: {},
  },
  devAddr: "01a3f2c4",
  adr: true,
  dr: 5,
  fCnt: 41,
  fPort: 85,
  confirmed: false,
  data: "AWdkA2cZAQRocw==",
  object: { temperature: 28.1, humidity: 57.5, battery: 92.0 },
  rxInfo: [
    {
      gatewayId: "24e124fffef41234",
      uplinkId: 3147,
      nsTime: "2026-03-02T07:59:30.120+00:00",
      rssi: -71,
      snr: 9.5,
      location: { latitude: 11.83, longitude: 106.61 },
      crcStatus: "CRC_OK",
    },
  ],
  txInfo: { frequency: 921400000, modulation: { lora: { bandwidth: 125000, spreadingFactor: 7 } } },
  regionConfigId: "as923_2",
};

export const THINGS_STACK = {
  end_device_ids: {
    device_id: "kho-3",
    application_ids: { application_id: "htx-kho" },
    dev_eui: "A84041FFFF181234",
    join_eui: "A840410000000101",
    dev_addr: "260D9F11",
  },
  correlation_ids: ["as:up:01HQZ8V5T0", "gs:uplink:01HQZ8V5SY"],
  received_at: "2026-03-02T07:59:41.935284891Z",
  uplink_message: {
    session_key_id: "AY4Hn0cRk1g3xZ2mB4n7pQ==",
    f_port: 2,
    f_cnt: 1834,
    frm_payload: "y/QLcwJbAQsef/8=",
    decoded_payload: { BatV: 3.06, TempC_SHT: 27.63, Hum_SHT: 60.3, TempC_DS: 327.67 },
    rx_metadata: [
      { gateway_ids: { gateway_id: "tram-1", eui: "B827EBFFFE8B0101" }, rssi: -90, snr: 7.2 },
    ],
    settings: { data_rate: { lora: { bandwidth: 125000, spreading_factor: 7 } } },
    received_at: "2026-03-02T07:59:41.7365Z",
    consumed_airtime: "0.061696s",
  },
};

export const bytesOf = (message: unknown): Uint8Array => utf8ToBytes(JSON.stringify(message));
