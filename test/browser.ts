import { existsSync } from "node:fs";

import { chromium, type Browser } from "playwright-core";

/** The system's Chromium; none is downloaded. */
export const CHROMIUM: string | undefined = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Like `describe`, for tests in a real browser: skipped for all to see where there is none, unless
 * REQUIRE_SERVICES asks for it.
 */
export function describeBrowser(title: string, run: (browser: () => Browser) => void): void {
  if (CHROMIUM === undefined && process.env["REQUIRE_SERVICES"] !== "1") {
    describe.skip(`${title} (no Chromium)`, () => it("waits"));
    return;
  }
  describe(title, () => {
    let browser: Browser | undefined;
    before(async () => {
      if (CHROMIUM === undefined) throw new Error("REQUIRE_SERVICES=1, and there is no Chromium");
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    });
    after(() => browser?.close());
    run(() => {
      if (browser === undefined) throw new Error("the browser is not open yet");
      return browser;
    });
  });
}
