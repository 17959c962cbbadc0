import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type axe from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it stands (WCAG 2.2 A and AA, and contrast by AAA): the rule and where. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const page = globalThis as unknown as { readonly axe: typeof axe };
    const { violations } = await page.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      rules: { "color-contrast-enhanced": { enabled: true } }, // 7:1, for screens in the sun
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

const SMALLEST = 56; // CSS pixels, for fingers that work in the field

/** What can be tapped and is smaller than a finger. A radio button's or tick's target is its label. */
export const smallTargets = (page: Page): Promise<readonly string[]> =>
  page.evaluate(
    (smallest) =>
      [...document.querySelectorAll("a, button, select, input, summary")]
        .map((element) => element.closest("label") ?? element)
        .filter((element) => element.checkVisibility() && !element.matches(".skip, td a"))
        .filter((element) => element.getBoundingClientRect().height < smallest)
        .map((element) => element.outerHTML),
    SMALLEST,
  );

/** By how many pixels the page is wider than the screen. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Lot numbers that stand in more than one line, and names in the head of the page that are cut. */
export const brokenNames = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [
      ...[...document.querySelectorAll(".lot .number")].filter(
        (number) => number.clientHeight > 2 * Number.parseFloat(getComputedStyle(number).fontSize),
      ),
      ...[...document.querySelectorAll(".who *")].filter(
        ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
      ),
    ].map(({ outerHTML }) => outerHTML),
  );
