import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  callTwiml,
  escapeXml,
  SILENCE,
  smsAnswer,
  spokenAnswer,
  TWIML_LIMIT,
} from "../../../../functions/monitor/telling/twiml.ts";
import { type Element, parseTwiml, textOf } from "../../../../local/twilio/twiml-document.ts";

const KEYPRESS = "https://keypress.example.org/?key=12/3/colin/call#rc=2&rp=ct,rt,5xx";

const named = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) =>
    typeof child === "string" ? [] : [...(child.name === name ? [child] : []), ...named(child, name)],
  );

describe("the TwiML of a call", () => {
  it("says the text twice, and waits for one key that it sends to an absolute address", () => {
    expect(callTwiml("Alarm.", KEYPRESS)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Gather numDigits="1" timeout="10" ' +
        'action="https://keypress.example.org/?key=12/3/colin/call#rc=2&amp;rp=ct,rt,5xx" method="POST">' +
        '<Say>Alarm.</Say><Pause length="1"/><Say>Alarm.</Say></Gather>' +
        "<Say>No key was pressed. Goodbye.</Say></Response>",
    );
  });

  it("waits for nothing when there is nothing to acknowledge", () => {
    const root = parseTwiml(callTwiml("Too many.", undefined));
    expect(named(root, "Gather")).toEqual([]);
    expect(named(root, "Say").map(textOf)).toEqual(["Too many.", "Too many."]);
  });

  it("whatever is said: well formed, within Twilio's limit, the same both times, the address unhurt", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (text) => {
        const twiml = callTwiml(text, KEYPRESS);
        expect(twiml.length).toBeLessThanOrEqual(TWIML_LIMIT);
        const root = parseTwiml(twiml);
        const [first, second] = named(root, "Say").map(textOf);
        expect(first).toBe(second);
        expect(named(root, "Gather")[0]?.attributes.action).toBe(KEYPRESS);
      }),
    );
  });

  it("a text that is all ampersands is cut, not refused", () => {
    const said = named(parseTwiml(callTwiml("&".repeat(4000), KEYPRESS)), "Say").map(textOf)[0] ?? "";
    expect(said).toMatch(/^&{300,400}$/);
  });
});

describe("answers", () => {
  it.each([
    ["an SMS", smsAnswer("a < b & c"), "<Response><Message>a &lt; b &amp; c</Message></Response>"],
    ["a voice", spokenAnswer('"x"'), "<Response><Say>&quot;x&quot;</Say></Response>"],
    ["silence", SILENCE, "<Response></Response>"],
  ])("%s", (_name, twiml, content) => {
    expect(twiml).toBe(`<?xml version="1.0" encoding="UTF-8"?>${content}`);
  });

  it("characters that XML has no place for are left out, others stay", () => {
    expect(escapeXml("a\u0000b\u0008c\ufffed\u{1F525}\t\n")).toBe("abcd\u{1F525}\t\n");
    expect(escapeXml("x\ud83d")).toBe("x\ufffd"); // half an emoji
  });
});
