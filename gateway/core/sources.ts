import { z } from "zod";

import { notAUnit } from "./senml-units.ts";
import { isFilter, deviceOfUser } from "./topics.ts";
import { TraceError } from "./trace-error.ts";
import { USUAL, type Measures } from "./uplink.ts";
import type { Mapping } from "./uplink-mapping.ts";

/** A device that somebody's network server speaks for. */
export type SourceDevice = {
  readonly name: string; // as the server names it
  readonly server: string;
  readonly measures: Measures;
  readonly code?: string; // with which its key asks to be enrolled
  readonly generation: number; // of its key
};

/** Who speaks for devices that do not sign, where it does so, and of which devices. */
export type SourceServer = {
  readonly name: string;
  readonly format:
    | { readonly kind: "chirpstack" | "things-stack" | "sparkplug" }
    | { readonly kind: "mapped"; readonly mapping: Mapping };
  readonly topics: readonly string[]; // filters of what it says about devices
  readonly rights: readonly string[]; // filters of what it may write at our own broker
  readonly login?: { readonly user: string; readonly password?: string; readonly file?: string };
  readonly devices: ReadonlyMap<string, SourceDevice>;
};

/**
 * The network servers of a sources file (gateway/README.md has an example). Throws BAD_ENCODING that names the path of
 * every trouble, a line each.
 */
export function parseSources(value: unknown): readonly SourceServer[] {
  const { data, error } = file.safeParse(value);
  if (error !== undefined)
    throw new TraceError(
      "BAD_ENCODING",
      error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`).join("\n"),
    );
  const servers = data.servers.map(serverOf);
  for (const [what, names] of [
    ["name", servers.map(({ name }) => name)],
    ["user", servers.flatMap(({ login }) => login?.user ?? [])],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new TraceError("BAD_ENCODING", `servers: two have the ${what} "${twice}"`);
  }
  return servers;
}

const short = z.string().min(1).max(200);
// A level of a topic, or a part of one: it may hold no wildcard.
const level = short.regex(/^[^/+#]+$/, "has no /, + or #");
const measures = z.record(
  short,
  z
    .strictObject({
      name: short.regex(/^[A-Za-z0-9][-A-Za-z0-9:./_]*$/, "is no name of SenML (RFC 8428, 4.5.1)"),
      unit: z.string().superRefine((unit, { addIssue }) => {
        const trouble = notAUnit(unit);
        if (trouble !== undefined) addIssue(trouble);
      }),
      scale: z.number().optional(),
    })
    .nullable(),
);
const device = z.strictObject({
  code: short.optional(),
  readings: measures.optional(),
  generation: z.number().int().min(1).optional(),
});
// No topic begins so: every message of such a subscription would be passed over.
const SHARED =
  "is a shared subscription: write the filter behind its group; gateways of one database share by themselves";
const common = {
  name: short.regex(/^[a-z0-9][a-z0-9-]*$/, "is of small letters, digits and dashes"),
  user: short
    .refine((user) => deviceOfUser(user) === undefined, "looks like a device's key id")
    .optional(),
  password: short.min(12, "has fewer than 12 characters").optional(),
  passwordFile: short.optional(),
  topics: z
    .array(
      z
        .string()
        .refine(isFilter, "is no topic filter of MQTT")
        .refine((filter) => !filter.startsWith("$share/"), SHARED),
    )
    .min(1)
    .optional(),
  readings: measures.optional(),
  devices: z.record(short, device),
};
const eui = /^[0-9a-f]{16}$/;
const member = z.strictObject({ member: short });

const server = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...common,
      kind: z.literal("chirpstack"),
      application: level,
      devices: z.record(z.string().regex(eui, "is no EUI: 16 hexadecimal digits"), device),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("things-stack"),
      application: level,
      tenant: level.optional(),
    }),
    z.strictObject({ ...common, kind: z.literal("sparkplug"), group: level }),
    z.strictObject({
      ...common,
      kind: z.literal("mapped"),
      topics: common.topics.unwrap(),
      device: z.union([member, z.strictObject({ level: z.number().int().min(0) })]),
      time: short,
      id: short.optional(),
      counter: short.optional(),
    }),
  ])
  .refine(
    ({ user, password, passwordFile }) =>
      user === undefined
        ? password === undefined && passwordFile === undefined
        : (password === undefined) !== (passwordFile === undefined),
    "a user needs either password or passwordFile, and these need a user",
  );
const file = z.strictObject({ servers: z.array(server) });

type Written = z.output<typeof server>;

function serverOf(written: Written): SourceServer {
  const { name, user, password, passwordFile, topics, readings, devices } = written;
  const places = topics === undefined ? placesOf(written) : { topics, rights: topics };
  return {
    name,
    format: formatOf(written),
    ...places,
    ...(user !== undefined && {
      login: {
        user,
        ...(password !== undefined && { password }),
        ...(passwordFile !== undefined && { file: passwordFile }),
      },
    }),
    devices: new Map(
      Object.entries(devices).map(([id, { code, readings: own, generation = 1 }]) => [
        id,
        {
          name: id,
          server: name,
          measures: { ...USUAL, ...readings, ...own },
          ...(code !== undefined && { code }),
          generation,
        },
      ]),
    ),
  };
}

function placesOf(written: Written): Pick<SourceServer, "topics" | "rights"> {
  if (written.kind === "chirpstack") {
    const root = `application/${written.application}`;
    return { topics: [`${root}/device/+/event/up`], rights: [`${root}/#`] };
  }
  if (written.kind === "things-stack") {
    const { application, tenant } = written;
    const root = `v3/${tenant === undefined ? application : `${application}@${tenant}`}`;
    return { topics: [`${root}/devices/+/up`], rights: [`${root}/#`] };
  }
  if (written.kind === "mapped") return { topics: written.topics, rights: written.topics };
  const all = [`spBv1.0/${written.group}/#`];
  return { topics: all, rights: all };
}

function formatOf(written: Written): SourceServer["format"] {
  if (written.kind !== "mapped") return { kind: written.kind };
  const { device, time, id, counter } = written;
  const optional = { ...(id !== undefined && { id }), ...(counter !== undefined && { counter }) };
  return { kind: "mapped", mapping: { device, time, ...optional } };
}

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "") || "the file";
