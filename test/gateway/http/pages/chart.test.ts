import { expect } from "chai";

import { viewOf } from "../../../../gateway/core/trail-view.ts";
import { chartOf } from "../../../../gateway/http/pages/trail/chart.ts";
import { contextIn } from "../../../../gateway/http/pages/trail/context.ts";
import { sampleTrail, START } from "../../sample-trail.ts";

const { bundle, readings } = sampleTrail();
const [temperature] = viewOf(bundle, { readings, now: START + 30 * 86_400 }).series;
if (temperature === undefined) throw new Error("the sample has no series");
const context = contextIn("en");

describe("chartOf", () => {
  it("marks what was outside the limits and what was silent", () => {
    const { html } = chartOf(temperature, "Temperature", context);
    expect(html.match(/class="out"/g)).to.have.length(1);
    expect(html.match(/class="quiet"/g)).to.have.length(1);
    expect(html.match(/class="limit"/g)).to.have.length(2);
    expect(html).to.contain(">outside<").and.to.contain(">silent<");
  });

  it("draws no line through a silence", () => {
    expect(chartOf(temperature, "", context).html.match(/class="line"/g)).to.have.length(2);
  });

  it("costs and weighs no more for a sensor that leaves its limits and falls silent all the time", () => {
    const [limit] = temperature.excursions.map((excursion) => excursion.limit);
    if (limit === undefined) throw new Error("the sample has no excursion");
    const spans = Array.from({ length: 20_000 }, (_, i) => ({
      start: START * 1_000 + i * 2_000,
      end: START * 1_000 + i * 2_000 + (i === 777 ? 1_500 : 1_000),
    }));
    const readings = spans.map(({ start }, i) => {
      return { device: temperature.device, name: "t", unit: "Cel", time: start, value: i % 50 };
    });
    const excursions = spans.map((span) => ({ ...span, limit, peak: 60 }));
    const start = process.cpuUsage();
    const { html } = chartOf(
      { ...temperature, readings, excursions, silences: spans },
      "",
      context,
    );
    expect(process.cpuUsage(start).user / 1_000).to.be.lessThan(2_000);
    expect(html.length).to.be.lessThan(200_000);
    expect(html.match(/class="out"/g)).to.have.length(50);
  });

  it("keeps the peak of many readings", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      device: temperature.device,
      name: "temperature",
      unit: "Cel",
      time: START * 1000 + i * 60_000,
      value: i === 3_333 ? 60 : 20,
    }));
    const { html } = chartOf(
      { ...temperature, readings: many, highest: 60, silences: [], excursions: [] },
      "",
      context,
    );
    const points = /class="line" points="([^"]*)"/.exec(html)?.[1]?.split(" ") ?? [];
    expect(points.length).to.be.below(250);
    const heights = points.map((point) => Number(point.split(",")[1]));
    expect(heights.filter((y) => y < Math.max(...heights) - 50)).to.have.length(1);
  });
});
