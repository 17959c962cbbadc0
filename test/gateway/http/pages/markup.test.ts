import { expect } from "chai";
import { assert, constantFrom, property, string } from "fast-check";

import { escape, markup, written } from "../../../../gateway/http/pages/markup.ts";

describe("markup", () => {
  it("escapes every text and no markup", () => {
    const inner = markup`<b>${"a & b"}</b>`;
    expect(markup`<p title="${`"'`}">${inner}${"<i>"}</p>`.html).to.equal(
      '<p title="&quot;&#39;"><b>a &amp; b</b>&lt;i&gt;</p>',
    );
  });

  it("lets no text turn the direction of the words around it", () => {
    expect(markup`<p>${"60 % \u202egnoD\u2069"} Kampong Cham</p>`.html).to.equal(
      "<p>60 % \ufffdgnoD\ufffd Kampong Cham</p>",
    );
  });

  it("writes lists without commas and nothing for what is not there", () => {
    expect(markup`<p>${["a", markup`<br>`, 1, false, undefined]}</p>`.html).to.equal(
      "<p>a<br>1</p>",
    );
    expect(written("<hr>").html).to.equal("<hr>");
  });

  it("lets no text end an attribute or begin a tag", () => {
    const wild = constantFrom("<script>", '"', "'", "&", "</p>").chain((bait) =>
      string().map((s) => s + bait),
    );
    assert(
      property(wild, (text) => {
        expect(escape(text)).not.to.match(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
