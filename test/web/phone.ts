import { existsSync } from "node:fs";

import { chromium, type Browser, type Page } from "playwright-core";

/** The system's browser; tests that need one skip visibly without it, unless REQUIRE_SERVICES is set. */
export const BROWSER = "/usr/bin/chromium";
export const hasBrowser = (): boolean =>
  existsSync(BROWSER) || process.env["REQUIRE_SERVICES"] !== undefined;

export const openBrowser = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: BROWSER,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });

/** A phone of its own: its own storage, a small screen, Vietnamese. What its page throws fails the test. */
export async function openPhone(browser: Browser, url: string): Promise<Page> {
  const viewport = { width: 360, height: 800 };
  const context = await browser.newContext({ viewport, locale: "vi-VN" });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  const response = await page.goto(url);
  if (response?.status() === 503) throw new Error("the app is not built: npm run build");
  return page;
}

/** Opens a page of the app by its route (`#/…`). */
export async function openRoute(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, route);
}

/** Enrols by the code in the address, and gives the fingerprint that is shown until somebody approves. */
export async function handInCode(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Ghi danh" }).click();
  return (await page.locator(".fingerprint").textContent()) ?? "";
}

/** The state of an entry on the page that stands after saving. */
export const stateOf = (page: Page, state: string) =>
  page.locator("article .state", { hasText: state });
