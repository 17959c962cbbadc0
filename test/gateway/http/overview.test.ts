import { expect } from "chai";

import { KINDS } from "../../../gateway/core/operations.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import { DEVICES, LOTS, PEOPLE, PLACES } from "../../../scripts/season/cast.ts";
import { ask } from "../../../scripts/season/doors.ts";
import { STORY } from "../../../scripts/season/story.ts";
import { parseLotUri } from "../../../gateway/core/identifiers.ts";
import { START } from "../../../scripts/season/time.ts";
import { playedSeason, type Season } from "../../season.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];
type Overview = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NOVEMBER = Date.UTC(2026, 10, 2, 3);

describe("the province's wall, after a season", function () {
  this.timeout(120_000);
  let season: Season;
  let later = 0; // ms
  before(async () => {
    const begun = Date.now();
    season = await playedSeason(() => NOVEMBER + later + Date.now() - begun); // no list reaches back for ever
  });
  after(() => season.gateway.end());

  const get = <T>(path: string) => ask<T>(`${season.doors.url}${path}`);
  const status = async (path: string) => (await fetch(season.doors.url + path)).status;

  it("counts what each list holds", async () => {
    const overview = await get<Overview>("/api/overview?days=365");
    for (const name of ["lots", "waiting", "refused", "excursions", "silent", "recalls"])
      expect(overview[name]?.["count"], name).to.equal(
        (await get<Rows>(`/api/overview/${name}?days=365`)).length,
      );
    expect(overview["anchor"]).to.deep.include({ lagSeconds: 0 });
    expect(overview["anchor"]?.["anchored"]).to.equal(overview["anchor"]?.["size"]);
  });

  it("says as of when its numbers are, and asks anew after a moment", async () => {
    const asOf = async () =>
      Date.parse(String((await get<Overview>("/api/overview?days=365"))["at"]));
    const first = await asOf();
    expect(await asOf()).to.equal(first);
    later += 600_000;
    expect(await asOf()).to.be.at.least(first + 600_000);
  });

  it("counts the lots of today alone, unless asked for more days", async () => {
    const today = await get<Rows>("/api/overview/lots");
    const all = await get<Rows>("/api/overview/lots?days=365");
    const { at } = (await get<{ at: string }>("/api/overview")) as { at: string };
    // The day of Viet Nam, seven hours ahead.
    const dayOf = (time: unknown) =>
      new Date(Date.parse(String(time)) + 7 * 3_600_000).toISOString().slice(0, 10);
    expect(today).to.deep.equal(all.filter((row) => dayOf(row["at"]) === dayOf(at)));
    expect(all.length).to.be.greaterThan(today.length);
  });

  it("lists the lots that came into being, each by name", async () => {
    const made = STORY.flatMap((act) =>
      act.does === "record" && act.refused === undefined && act.intent.kind in KINDS
        ? act.intent.kind === "harvest" || act.intent.kind === "intake"
          ? [act.intent.lot]
          : act.intent.kind === "process"
            ? act.intent.outputs.map(({ lot }) => lot)
            : []
        : [],
    );
    const rows = await get<Rows>("/api/overview/lots?days=365");
    expect(rows.map(({ uri }) => uri)).to.have.members(made);
    const bags = rows.find(({ uri }) => uri === LOTS.bags.lot);
    expect(bags).to.deep.include({ product: LOTS.bags.product, kind: "process" });
  });

  it("lists the one excursion of the store-room, with its peak and its limits", async () => {
    const rows = await get<Rows>("/api/overview/excursions?days=365");
    const warm = rows.filter(({ quantity }) => quantity === "temperature");
    expect(warm).to.have.length(1);
    expect(warm[0]).to.deep.include({
      device: DEVICES.store.keyId,
      place: PLACES.store.name,
      max: 32,
    });
    expect(warm[0]?.["peak"]).to.be.greaterThan(32);
  });

  it("lists the recall, who said it, and how many lots were made of it", async () => {
    const [row, ...more] = await get<Rows>("/api/overview/recalls");
    expect(more).to.deep.equal([]);
    expect(row).to.deep.include({ by: PEOPLE.province.words });
    expect(row?.["affected"]).to.be.greaterThan(0);
  });

  it("lists every lot that was made of it, and who has it", async () => {
    const rows = await get<Rows>("/api/overview/affected");
    const made = [LOTS.mixedKernels, LOTS.mixedShells, LOTS.mixedBags].map(({ lot }) => lot);
    expect(rows.map(({ uri }) => uri)).to.have.members(made);
    const { recalls } = await get<Overview>("/api/overview");
    expect(recalls?.["affected"]).to.equal(made.length);
    expect(rows.find(({ uri }) => uri === LOTS.mixedBags.lot)).to.deep.include({
      holder: PEOPLE.processor.words,
      of: "DT26-003",
    });
  });

  it("tells who holds what was made of the recalled lot, and why it was recalled", async () => {
    const [recall] = await get<Rows>("/api/overview/recalls");
    const about = { lot: recall?.["lot"], uri: recall?.["uri"], reason: recall?.["reason"] };
    const held = await get<Rows>(`/api/parties/${idOf(PEOPLE.processor.uri)}/lots?all`);
    const bags = held.find(({ uri }) => uri === LOTS.mixedBags.lot);
    expect(bags?.["recalls"]).to.deep.equal([about]);
    expect(bags?.["flags"]).not.to.contain("recalled");
    const own = await get<Rows[number]>(`/api/lots/${String(recall?.["lot"])}`);
    expect(own["recalls"]).to.deep.equal([about]);
    expect(own["flags"]).to.contain("recalled");
    const apart = await get<Rows[number]>(`/api/lots/${idOf(LOTS.pepperBags.lot)}`);
    expect(apart["recalls"]).to.deep.equal([]);
  });

  it("lists the devices that went silent", async () => {
    const rows = await get<Rows>("/api/overview/silent");
    expect(rows.map(({ device }) => device)).to.have.members(
      Object.values(DEVICES).map(({ keyId }) => keyId),
    );
  });

  it("gives each list as a file that spreadsheets read", async () => {
    const response = await fetch(`${season.doors.url}/api/overview/recalls.csv`);
    expect(response.headers.get("content-type")).to.contain("text/csv");
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
    const [head = "", row = ""] = text.split("\r\n");
    expect(head.startsWith("\ufeff")).to.equal(true);
    expect(head).to.contain("product_vi,product_en");
    expect(row).to.contain(PEOPLE.province.words.vi);
  });

  it("names lots by their numbers and masses by their unit in a file", async () => {
    const response = await fetch(`${season.doors.url}/api/overview/lots.csv?days=365`);
    const [head = "", ...rows] = (await response.text()).replace("\ufeff", "").split("\r\n");
    const columns = head.split(",");
    expect(columns).to.include.members(["number", "uri", "lot_id", "mass_g"]);
    expect(columns).not.to.include("mass");
    const number = parseLotUri(LOTS.raw1.lot).lot;
    const raw = rows.find((row) => row.startsWith(`${number},${LOTS.raw1.lot},`))?.split(",");
    expect(raw?.[columns.indexOf("mass_g")]).to.equal("1200000");
  });

  it("looks back until it finds a lot, unless asked for its days", async () => {
    const wall = (query: string) =>
      get<{ days: number; lots: { count: number } }>(`/api/overview${query}`);
    const found = await wall("");
    expect([1, 30, 365]).to.include(found.days);
    expect(found.lots.count).to.be.greaterThan(0);
    expect((await wall("?days=1")).days).to.equal(1);
  });

  it("shows what was measured where goods stood", async () => {
    const places = await get<Rows>("/api/places");
    expect(places.map(({ uri }) => uri)).to.have.members([PLACES.dryer.uri, PLACES.store.uri]);
    const place = idOf(PLACES.store.uri);
    const [from, to] = [START * 1000, (START + 60 * 86_400) * 1000];
    const { devices } = await get<{ devices: Rows }>(
      `/api/places/${place}/readings?from=${from}&to=${new Date(to).toISOString()}`,
    );
    expect(devices).to.have.length(2);
    const series = devices[0]?.["series"] as readonly { name: string; points: unknown[] }[];
    expect(series.map(({ name }) => name)).to.have.members(["temperature", "humidity"]);
    expect(series[0]?.points.length).to.be.greaterThan(100);
  });

  it("refuses what is no list, no place and no time", async () => {
    expect(await status("/api/overview/nothing")).to.equal(404);
    for (const days of ["0", "2", "400", "1.5", "x"])
      expect(await status(`/api/overview?days=${days}`), days).to.equal(400);
    expect(await status(`/api/places/${idOf("nowhere")}/readings`)).to.equal(404);
    expect(await status("/api/places/xyz/readings")).to.equal(400);
    expect(await status(`/api/places/${idOf(PLACES.store.uri)}/readings?from=soon`)).to.equal(400);
  });

  it("tells Prometheus of statements and anchors", async () => {
    const metrics = await (await fetch(`${season.doors.url}/metrics`)).text();
    expect(metrics).to.match(/plotline_statements\{state="confirmed"\} [1-9]/);
    expect(metrics).to.match(/plotline_anchor_lag_seconds 0/);
  });
});
