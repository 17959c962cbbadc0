import { expect } from "chai";
import { Fragment, h, options } from "preact";

import { straightenTexts } from "../../../web/src/app/straight-text.ts";

describe("What the app shows of other people's words", () => {
  const { vnode: hook } = options;
  before(straightenTexts);
  after(() => {
    if (hook === undefined) delete options.vnode;
    else options.vnode = hook;
  });

  const name = "Kho \u202e% 001 \u2066dieu";
  const shown = "Kho \ufffd% 001 \ufffddieu";
  for (const [where, make, children] of [
    ["alone", () => h("p", null, name), shown],
    ["among others", () => h("p", null, "a", [name, 1], null), ["a", [shown, 1], null]],
    ["in no element of its own", () => h(Fragment, null, name), shown],
    ["in nothing", () => h("br", null), undefined],
  ] as const)
    it(`turns no direction of the page's, ${where}`, () => {
      expect((make().props as { children?: unknown }).children).to.deep.equal(children);
    });
});
