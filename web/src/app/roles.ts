import type { Role } from "../../../gateway/core/operations.ts";
import type { Words } from "../../../gateway/core/recording.ts";

/** The people of this app, by the last step of their address (`/app/farmer`). */
export const PEOPLE = {
  farmer: { role: "farmer", name: { vi: "Nông hộ", en: "Farmer" } },
  processor: { role: "processor", name: { vi: "Cơ sở chế biến", en: "Processor" } },
  certifier: { role: "certifier", name: { vi: "Tổ chức chứng nhận", en: "Certifier" } },
  exporter: { role: "exporter", name: { vi: "Nhà xuất khẩu", en: "Exporter" } },
  province: { role: "authority", name: { vi: "Trung tâm điều hành", en: "Province" } },
  cooperative: { role: "cooperative", name: { vi: "Hợp tác xã", en: "Cooperative" } },
} as const satisfies Record<string, { readonly role: Role; readonly name: Words }>;

export type Person = keyof typeof PEOPLE;

/** Whose page an address is, if it is one's. */
export function personOf(path: string): Person | undefined {
  const [, name = ""] = /^\/app\/([a-z]+)\/?$/.exec(path) ?? [];
  return Object.hasOwn(PEOPLE, name) ? (name as Person) : undefined;
}

/** The role of a key of readings: a sensor's own, or one under which a network server's word is kept. */
export const sensorRole = (roles: readonly Role[]): SensorRole | undefined =>
  roles.find((role) => role === "device" || role === "networkServer");
export type SensorRole = "device" | "networkServer";

export const ROLE_NAMES: Readonly<Record<Role, Words>> = {
  farmer: PEOPLE.farmer.name,
  processor: PEOPLE.processor.name,
  exporter: PEOPLE.exporter.name,
  certifier: PEOPLE.certifier.name,
  cooperative: PEOPLE.cooperative.name,
  authority: PEOPLE.province.name,
  device: { vi: "Cảm biến", en: "Sensor" },
  networkServer: { vi: "Cảm biến qua máy chủ mạng", en: "Sensor behind a network server" },
};
