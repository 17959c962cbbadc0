import type { Browser } from "playwright-core";

import { hasBrowser, openBrowser } from "./web/phone.ts";

/**
 * Like `describe`, for tests in a real browser: skipped for all to see where there is none, unless
 * REQUIRE_SERVICES asks for it.
 */
export function describeBrowser(title: string, run: (browser: () => Browser) => void): void {
  if (!hasBrowser()) {
    describe.skip(`${title} (no Chromium)`, () => it("waits"));
    return;
  }
  describe(title, () => {
    let browser: Browser | undefined;
    before(async () => {
      browser = await openBrowser();
    });
    after(() => browser?.close());
    run(() => {
      if (browser === undefined) throw new Error("the browser is not open yet");
      return browser;
    });
  });
}
