import { describe, expect, it } from "@jest/globals";
import { parseTwiml, textOf } from "../../../local/twilio/twiml-document.ts";

describe("TwiML", () => {
  it("is read with its attributes, entities and nesting", () => {
    const root = parseTwiml(
      `<?xml version="1.0"?>\n<!-- x --><Response>\n<Gather action='a?b=1&amp;c="' timeout = "3"><Say>a &lt;&#38;&#x41; b</Say></Gather><Hangup/></Response>\n`,
    );
    expect(textOf(root).trim()).toBe("a <&A b");
    expect(root.children.filter((child) => typeof child === "object")).toMatchObject([
      { name: "Gather", attributes: { action: 'a?b=1&c="', timeout: "3" }, children: [{ name: "Say" }] },
      { name: "Hangup", attributes: {}, children: [] },
    ]);
  });

  it.each([
    ["nothing", ""],
    ["text", "hello"],
    ["text behind the root", "<Response/>x"],
    ["two roots", "<Response/><Response/>"],
    ["another root", "<response/>"],
    ["an ampersand", "<Response>a & b</Response>"],
    ["an ampersand in an attribute", '<Response a="b&c"/>'],
    ["an entity of HTML", "<Response>&nbsp;</Response>"],
    ["an entity that is not closed", "<Response>&amp b</Response>"],
    ["a sign that begins no element", "<Response>a < b</Response>"],
    ["an attribute without quotes", "<Response a=b/>"],
    ["an attribute twice", '<Response a="1" a="2"/>'],
    ["an element that is not closed", "<Response><Say></Response>"],
    ["the root not closed", "<Response>"],
    ["what was never opened", "</Say><Response/>"],
  ])("is refused: %s", (_why, text) => {
    expect(() => parseTwiml(text)).toThrow();
  });
});
