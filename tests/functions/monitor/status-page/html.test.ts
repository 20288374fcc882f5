import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { escapeText, Html, html } from "../../../../functions/monitor/status-page/html.ts";

describe("html", () => {
  it.each([
    { value: "<script>", text: "&lt;script&gt;", why: "no element" },
    { value: `" onload='x'`, text: "&quot; onload=&#39;x&#39;", why: "no way out of an attribute" },
    { value: "&lt;", text: "&amp;lt;", why: "what is text stays the text that it is" },
    { value: "a\u0000b\u0007c\u001b[2Jd\u009fe", text: "abc[2Jde", why: "no character that XML forbids" },
    { value: "a\tb\nc", text: "a\tb\nc", why: "white space is none of those" },
    { value: "\u202eabc\u2066", text: "abc", why: "nothing that turns the direction of the rest" },
    { value: "\ud800x", text: "\ufffdx", why: "half a character cannot be written as UTF-8" },
    { value: "ü ✓ 🌒 שלום", text: "ü ✓ 🌒 שלום", why: "all other characters are themselves" },
    { value: 0, text: "0", why: "numbers are text" },
    { value: undefined, text: "", why: "nothing is nothing" },
    { value: new Html("<b>"), text: "<b>", why: "Html stays as it is" },
    { value: [html`<i>${"<"}</i>`, html`<b>`], text: "<i>&lt;</i><b>", why: "several follow one another" },
  ])("$why", ({ value, text }) => {
    expect(html`<p>${value}</p>`.text).toBe(`<p>${text}</p>`);
  });

  it("lets nothing through that could begin a tag, an entity or the end of an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = escapeText(value);
        expect(text).not.toMatch(/[<>"']/);
        expect(text.replaceAll(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
