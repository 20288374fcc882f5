import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NoticeSchema } from "../../../../functions/mail/notice.ts";
import { renderNotice } from "../../../../functions/mail/templates/render-notice.ts";
import { SAMPLES, type Sample, sampleNotice } from "../../../../functions/mail/templates/samples.ts";
import { SENDERS } from "../fakes/notice-desk.ts";
import { shownHtml, tagsOf } from "../fakes/shown-html.ts";

/** Facts that are free text, whoever wrote it. */
const FREE = ["account", "payment", "id", "kind", "reasons", "deletable", "unbilled", "refused"];

/** A sample whose free texts are all the same words. */
function withWords(sample: Sample, words: string) {
  const replaced = (value: unknown, name = ""): unknown => {
    if (typeof value === "string") return FREE.includes(name) ? words : value;
    if (Array.isArray(value)) return value.map((member) => replaced(member, name));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaced(member, key)]));
  };
  const { to, template } = sample;
  return NoticeSchema.parse({ id: "x", to, template, facts: replaced(sample.facts) });
}

const render = (sample: Sample, words: string) => renderNotice(withWords(sample, words), SENDERS.service);

/** Words, what both forms show instead, reason. */
const HOSTILE: [words: string, shown: string, why: string][] = [
  ["</td><script>alert(1)</script>", "</td><script>alert(1)</script>", "markup is text"],
  [`"' onclick="x`, `"' onclick="x`, "quotes end no attribute"],
  ["&lt;b&gt; &amp;", "&lt;b&gt; &amp;", "what looks escaped is text as well"],
  ["one\r\nBcc: two\tthree", "one Bcc: two three", "it stays on its line"],
  ["a\u0007b\u001b[31mc\u0000d", "a\ufffdb\ufffd[31mc\ufffdd", "controls are shown, not obeyed"],
  ["ab\u202ecd\u200fef\u2066gh", "ab\ufffdcd\ufffdef\ufffdgh", "marks of direction turn nothing"],
  ["ali\u200bce\u00ad\ufeff", "ali\ufffdce\ufffd", "what cannot be seen does not make two names alike"],
  ["x\u3164y\u{e0041}z", "x\ufffdy\ufffdz", "nor do fillers and tags"],
  ["a\ud800b", "a\ufffdb", "half a character is none"],
  ["שלום", "\u2068שלום\u2069", "letters from right to left stay among themselves"],
  ["\u2029\u2028 \u0085", "\ufffd", "a line of nothing is a line"],
  [" \n ", "(blank)", "so is a name of blanks"],
];

describe.each(SAMPLES)("$name", (sample) => {
  const tags = tagsOf(render(sample, "a").html);

  test.each(HOSTILE)("%j is shown as %j: %s", (words, shown) => {
    const { subject, text, html } = render(sample, words);
    const oneLine = text.replaceAll(/\s+/g, " ");
    expect(oneLine).toContain(shown);
    expect(shownHtml(html)).toContain(shown);
    expect(tagsOf(html)).toEqual(tags);
    for (const form of [subject, text, html])
      expect(form).not.toMatch(/[^\n\P{Cc}]|[\u200b-\u200f\u202a-\u202e\u2066\u2067\u3164\ufeff\p{Cs}]/u);
  });

  test("whatever the words are: the same tags, no line that mail cannot carry, no column beyond 72", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), (words) => {
        const { subject, text, html } = render(sample, words);
        expect(tagsOf(html)).toEqual(tags);
        expect(subject).toMatch(/^[^\r\n]{1,200}$/);
        for (const line of html.split("\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
        for (const line of text.split("\n")) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
          if (!line.includes("https://")) expect([...line].length).toBeLessThanOrEqual(72);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("a service may be called anything: its name is text too, and the subject has room for it", () => {
  const sender = { ...SENDERS.service, service: `<b>&"${"x".repeat(300)}\u{1f4a5}`, site: 'https://a/?"<b>' };
  for (const sample of SAMPLES) {
    const { subject, html } = renderNotice(sampleNotice(sample), sender);
    expect(html).not.toContain("<b>");
    expect(html).toContain('href="https://a/?&quot;&lt;b&gt;"');
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(subject).toMatch(/^[^\p{Cs}]*$/u);
  }
});

test("a long reason is cut, so that one mail is never as large as somebody likes", () => {
  const failed = SAMPLES.find(({ name }) => name === "night-report-failed");
  if (failed === undefined) throw new Error("no sample");
  const { text } = render(failed, "y".repeat(100_000));
  expect(text.length).toBeLessThan(5000);
  expect(text).toContain("y…\n");
});
