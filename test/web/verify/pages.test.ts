import { createRequire } from "node:module";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { describeBrowser } from "../../browser.ts";
import { smallTargets } from "../looks.ts";
import { BAGS, serveSample } from "../../gateway/http/pages/serve-sample.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const SIZES = [
  { width: 360, height: 800 },
  { width: 1280, height: 800 },
] as const;
const PAGES = [
  ["the page of a lot", BAGS, "pure"],
  ["the page of a recalled lot", BAGS, "recalled"],
  ["the dossier", `/dossier${BAGS}`, "mixed"],
  ["the start page", "/", "pure"],
  ["a refusal", "/01/9520000003013/10/GN", "pure"],
  ["the way to report", `/report${BAGS}`, "pure"],
] as const;

type Axe = {
  readonly run: () => Promise<{
    violations: readonly { id: string; nodes: readonly { html: string }[] }[];
  }>;
};

/** What axe-core finds against WCAG and its own best practices, as "rule: element". */
async function violations(page: Page): Promise<readonly string[]> {
  if (await page.evaluate(() => !("axe" in globalThis))) await page.addScriptTag({ path: AXE });
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run(),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

/** Settled: the script has said what it found, or there is none. */
const settled = (page: Page) =>
  page.waitForFunction(
    () =>
      !/Chưa kiểm|Đang kiểm|Not checked|Checking/.test(
        document.querySelector(".answer")?.textContent ?? "",
      ),
  );

describeBrowser("What anyone may read, in a browser", (browser) => {
  for (const [name, path, twist] of PAGES)
    for (const [language, colorScheme] of [
      ["vi", "light"],
      ["en", "dark"],
    ] as const)
      it(`shows ${name} to all, on a phone and a desk, ${language}, ${colorScheme}`, async () => {
        const server = await serveSample({ twist });
        const page = await browser().newPage({ colorScheme, bypassCSP: true });
        try {
          await page.goto(`${server.url}${path}?lang=${language}`);
          expect(await page.locator("html").getAttribute("lang")).to.equal(language);
          for (const size of SIZES) {
            await page.setViewportSize(size);
            expect(await violations(page)).to.deep.equal([]);
            const overflow = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(overflow, "pixels beyond the screen").to.equal(0);
            expect(await smallTargets(page)).to.deep.equal([]);
          }
        } finally {
          await page.close();
          await server.close();
        }
      });

  it("asks nobody but the gateway and the chain, and keeps no cookie", async () => {
    const server = await serveSample();
    const context = await browser().newContext();
    try {
      const page = await context.newPage();
      const asked = new Set<string>();
      const refused: string[] = [];
      page.on("request", (request) => asked.add(new URL(request.url()).origin));
      page.on("console", (message) => {
        if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
      });
      await page.goto(server.url + BAGS);
      await settled(page);
      expect([...asked].filter((origin) => origin !== "null")).to.have.members([
        server.url,
        "http://127.0.0.1:9",
      ]);
      expect(refused).to.deep.equal([]);
      expect(await context.cookies()).to.deep.equal([]);
    } finally {
      await context.close();
      await server.close();
    }
  });

  it("says everything but the verdict with JavaScript off", async () => {
    const server = await serveSample();
    const page = await browser().newPage({ javaScriptEnabled: false });
    try {
      await page.goto(`${server.url}${BAGS}?lang=en`);
      const text = await page.locator("body").innerText();
      for (const words of [
        "The records match",
        "GN-2604A",
        "Sample farm 1",
        "100\u202f%",
        "npm run --silent verify",
        "Not checked yet",
        "JavaScript is off",
      ])
        expect(text).to.contain(words);
    } finally {
      await page.close();
      await server.close();
    }
  });

  it("says that it could not check where the chain does not answer", async () => {
    const server = await serveSample();
    const page = await browser().newPage();
    try {
      await page.goto(`${server.url}${BAGS}?lang=en`);
      await settled(page);
      const answers = await page.locator(".answer").allInnerTexts();
      expect(answers).to.deep.equal(Array.from({ length: 5 }, () => "Could not be checked"));
      expect(await page.locator("#status .by").innerText()).to.contain("could not check");
      await page.locator("details.raw summary").click();
      const exact = page.locator("details.raw p");
      await exact.waitFor();
      expect(await exact.innerText()).to.match(/does not answer eth_getBlockByNumber$/);
    } finally {
      await page.close();
      await server.close();
    }
  });

  it("prints a dossier on A4", async () => {
    const server = await serveSample();
    const page = await browser().newPage();
    try {
      await page.goto(`${server.url}/dossier${BAGS}?lang=en`);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      // A4 in points, as a PDF names its pages.
      expect(pdf.toString("latin1")).to.match(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
