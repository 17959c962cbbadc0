import type { Request, Response } from "express";

import { encode, sendEncoded } from "../encoded.ts";
import { languageOf, type Language } from "./language.ts";
import { documentOf, type Page } from "./layout.ts";

/** The language of this reader: what the address asks for, else what the browser says. */
export const languageFor = (request: Request): Language =>
  languageOf(request.query["lang"], request.acceptsLanguages());

/**
 * Sends a page. It may be kept for `seconds`: a recall has to be seen within a minute of being anchored.
 */
export function sendPage(request: Request, response: Response, page: Page, seconds: number): void {
  response.vary("Accept-Language").set("Content-Language", page.language);
  response.set("Cache-Control", seconds > 0 ? `public, max-age=${seconds}` : "no-store");
  sendEncoded(request, response, encode("html", Buffer.from(documentOf(page)), "each"));
}
