import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MessageSchema, sendKey } from "../../../functions/mail/message.ts";

const MESSAGE = {
  id: "base-20261122-0400/built",
  from: "nightshift@example.org",
  to: ["root@example.org"],
  subject: "Image base: FreeBSD 15.1, built",
  text: "Line one\nLine two\n",
};

describe("a message that is refused, with the field named", () => {
  const rows: [why: string, field: string, change: object][] = [
    ["a subject that adds a header", "subject", { subject: "Hello\r\nBcc: all@example.org" }],
    ["a subject with a bare line feed", "subject", { subject: "Hello\nBcc: all@example.org" }],
    [
      "a subject with a bare carriage return, which some servers take for an end of line",
      "subject",
      { subject: "Hello\rBcc: x" },
    ],
    ["an empty subject", "subject", { subject: "" }],
    ["a subject without end", "subject", { subject: "x".repeat(201) }],
    ["a recipient that adds a header", "to.0", { to: ["root@example.org\r\nBcc: all@example.org"] }],
    [
      "a recipient with a trailing line feed, which a careless $ would pass",
      "to.0",
      { to: ["root@example.org\n"] },
    ],
    ["a recipient that is a list", "to.0", { to: ["a@example.org,b@example.org"] }],
    ["a recipient that is a list with semicolons", "to.0", { to: ["a@example.org;b@example.org"] }],
    ["a recipient with a display name", "to.0", { to: ["Root <root@example.org>"] }],
    ["a recipient with a space", "to.0", { to: ["root @example.org"] }],
    ["a recipient with two @", "to.0", { to: ["a@b@example.org"] }],
    ["a recipient without a domain", "to.0", { to: ["root"] }],
    ["the second recipient", "to.1", { to: ["root@example.org", "x\n@example.org"] }],
    ["nobody to send it to", "to", { to: [] }],
    [
      "more recipients than one call sends to",
      "to",
      { to: Array.from({ length: 51 }, (_, i) => `u${i}@example.org`) },
    ],
    ["a hostile sender", "from", { from: "x@example.org\nReply-To: y@example.org" }],
    ["an id that adds a header: it travels as X-Nightshift-Message", "id", { id: "a\r\nBcc: x@example.org" }],
    ["no id", "id", { id: "" }],
    ["no text", "text", { text: undefined }],
    ["a place for answers that adds a header", "replyTo", { replyTo: "a@example.org\r\nBcc: b@example.org" }],
    ["a local part beyond ASCII, which SES does not deliver to", "to.0", { to: ["jürgen@example.org"] }],
    ["a domain beyond ASCII, which belongs into punycode", "to.0", { to: ["root@bücher.example"] }],
    ["a control character in an address", "to.0", { to: ["ro\u0000ot@example.org"] }],
  ];
  test.each(rows)("%s (%s)", (_why, field, change) => {
    const { error } = MessageSchema.safeParse({ ...MESSAGE, ...change });
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
  });
});

describe("a message that is taken", () => {
  const rows: [why: string, change: object][] = [
    ["as our reports are", {}],
    ["line breaks belong into the text", { text: "a\r\n\r\nb\n" }],
    ["letters of any language", { subject: "Abbild „base“: gebaut ✓" }],
    ["an address with a tag", { to: ["root+nightshift@example.org"] }],
    ["a domain in punycode", { to: ["root@xn--bcher-kva.example"] }],
    [
      "HTML beside the text, and a place for answers",
      { html: "<p>It is there.</p>", replyTo: "b@example.org" },
    ],
    ["fifty recipients", { to: Array.from({ length: 50 }, (_, i) => `u${i}@example.org`) }],
  ];
  test.each(rows)("%s", (_why, change) => {
    expect(MessageSchema.safeParse({ ...MESSAGE, ...change }).success).toBe(true);
  });
});

describe("the key of a send", () => {
  test("is a tag value that SES takes, and tells no address (SES API, MessageTag)", () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), (id, recipient) =>
        expect(sendKey("test", id, recipient)).toMatch(/^[A-Za-z0-9_-]{1,256}$/),
      ),
    );
  });

  const rows: [why: string, same: boolean, one: [string, string], two: [string, string]][] = [
    ["the same send", true, ["m", "a@example.org"], ["m", "a@example.org"]],
    [
      "letters of the recipient in another case are the same mailbox",
      true,
      ["m", "A@Example.org"],
      ["m", "a@example.org"],
    ],
    ["another recipient", false, ["m", "a@example.org"], ["m", "b@example.org"]],
    ["another message", false, ["m", "a@example.org"], ["n", "a@example.org"]],
    ["ids are told apart by their case", false, ["m", "a@example.org"], ["M", "a@example.org"]],
    ["the border between the two counts", false, ["ma", "b@c"], ["m", "ab@c"]],
  ];
  test.each(rows)("%s", (_why, same, one, two) => {
    expect(sendKey("test", ...one) === sendKey("test", ...two)).toBe(same);
  });

  it("sets the stages of an account apart, whose events all of them hear", () => {
    const keys = ["prod", "test"].map((stage) =>
      sendKey(stage, "reap/2026-11-22T04:17:00Z", "root@example.org"),
    );
    expect(new Set(keys).size).toBe(2);
  });
});
