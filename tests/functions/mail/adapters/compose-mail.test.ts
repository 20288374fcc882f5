import { describe, expect, test } from "@jest/globals";
import { composeMail } from "../../../../functions/mail/adapters/compose-mail.ts";
import type { Message } from "../../../../functions/mail/message.ts";

const MESSAGE: Message = {
  id: "low/a1/2026-11-22",
  from: "accounts@example.org",
  to: ["customer@example.net"],
  subject: "Guthaben für 5 Tage",
  text: `Five days – no more.\n.\nFrom here on: ${"x".repeat(2000)}\n`,
  html: `<p style="color: red">Five days – no more.</p>${"<b>y</b>".repeat(300)}`,
};
const KEY = "5f0c1d2e3b4a5f6e7d8c9b0a1f2e3d4c5b6a7980";

const compose = async (change: Partial<Message> = {}, key = KEY) =>
  (await composeMail({ ...MESSAGE, ...change }, "customer@example.net", key)).toString("latin1");

describe("a mail with HTML", () => {
  test("is the text and the HTML, as alternatives, the better one last (RFC 2046, 5.1.4)", async () => {
    const { headers, parts } = takeApart(await compose());
    expect(headers).toContain("Subject: =?UTF-8?");
    expect(headers).toMatch(/^Content-Type: multipart\/alternative;/m);
    expect(parts.map(({ type }) => type)).toEqual(["text/plain; charset=utf-8", "text/html; charset=utf-8"]);
    expect(parts.map(({ text }) => text)).toEqual([MESSAGE.text, MESSAGE.html]);
  });

  test("is the same bytes each time, and others for another send", async () => {
    const first = await compose();
    expect(await compose()).toBe(first);
    expect(await compose({}, KEY.replace("5f", "6a"))).not.toBe(first);
    expect(first).toContain(`Message-ID: <${KEY}@example.org>`);
    expect(first).toContain("Date: Thu, 01 Jan 1970 00:00:00 +0000"); // not the present, which SES writes itself
  });
});

test.each([
  { what: "text alone", change: { html: undefined } as unknown as Partial<Message> },
  { what: "text and HTML", change: {} },
  { what: "a place for answers", change: { replyTo: "help@example.org" } },
])("$what: 7 bits, lines of at most 998 bytes that end in CRLF, no header twice", async ({ change }) => {
  const raw = await compose(change);
  expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(raw.split("\r\n").filter((line) => line.length > 998)).toEqual([]);
  const { headers } = takeApart(raw);
  const names = [...headers.matchAll(/^([A-Za-z-]+):/gm)].map(([, name]) => name?.toLowerCase());
  expect(names).toEqual([...new Set(names)]);
  expect(headers).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(/^Reply-To: help@example.org$/m.test(headers)).toBe(change.replyTo !== undefined);
});

test("a chart of block characters is quoted-printable like all else, so that its lines stay lines", async () => {
  const text = `Revenue\n${"▁▂▃▄▅▆▇█".repeat(10)}\n30 days\n`;
  expect(takeApart(await compose({ text })).parts[0]?.text).toBe(text);
});

test("text alone is one part", async () => {
  const { headers, parts } = takeApart(await compose({ html: undefined } as unknown as Partial<Message>));
  expect(headers).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m);
  expect(parts).toEqual([]);
});

/** Headers of a mail, unfolded by nobody, and the parts below a multipart, decoded. */
function takeApart(raw: string) {
  const [headers = "", ...rest] = raw.replaceAll("\r\n", "\n").split("\n\n");
  const boundary = /boundary="([^"]+)"/.exec(headers)?.[1];
  if (boundary === undefined) return { headers, parts: [] };
  const bodies = rest.join("\n\n").split(`--${boundary}`).slice(1, -1);
  const parts = bodies.map((body) => {
    const [head = "", ...lines] = body.slice(1).split("\n\n");
    expect(head).toContain("Content-Transfer-Encoding: quoted-printable");
    const type = /Content-Type: (.*)/.exec(head)?.[1];
    return { type, text: fromQuotedPrintable(lines.join("\n\n").replace(/\n$/, "")) };
  });
  return { headers, parts };
}

/** RFC 2045, section 6.7. */
function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll("=\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
