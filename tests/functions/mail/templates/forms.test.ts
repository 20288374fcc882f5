import { describe, expect, test } from "@jest/globals";
import { addDays } from "#ledger";
import type { Document } from "../../../../functions/mail/templates/document.ts";
import { chart, command, facts, figures, list } from "../../../../functions/mail/templates/document.ts";
import { htmlOf } from "../../../../functions/mail/templates/html.ts";
import { STYLES } from "../../../../functions/mail/templates/html-style.ts";
import { renderNotice } from "../../../../functions/mail/templates/render-notice.ts";
import { SAMPLES, sampleNotice } from "../../../../functions/mail/templates/samples.ts";
import { textOf } from "../../../../functions/mail/templates/text.ts";
import { SENDERS } from "../fakes/notice-desk.ts";
import { shownHtml } from "../fakes/shown-html.ts";

const RENDERED = SAMPLES.map((sample) => ({
  name: sample.name,
  ...renderNotice(sampleNotice(sample), SENDERS.service),
}));

describe.each(RENDERED)("$name", ({ subject, text, html }) => {
  test("has a subject of seven bits that fits where mail is listed", () => {
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  test("fetches nothing, runs nothing, and links to the service alone", () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|form|object|svg)|@import|url\(|javascript:|\son\w+=/i);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith("https://www.example.org"))).toEqual([]);
  });

  test("shows where a link leads", () => {
    for (const [, link = ""] of html.matchAll(/href="([^"]*)"/g))
      expect(shownHtml(html)).toContain(link.replaceAll("&amp;", "&"));
  });

  test("knows light and dark, small screens and screen readers", () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">\n/);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).toContain("@media (prefers-color-scheme: dark)");
    expect(html).toContain("max-width:600px");
    for (const [, attributes = ""] of html.matchAll(/<table class="bars"([^>]*)>/g))
      expect(attributes).toMatch(/ role="img" aria-label="(Revenue|Accounts): .*Highest: /);
  });

  test("closes every tag that it opens, in their order", () => {
    const open: string[] = [];
    for (const [, slash, tag = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (slash === "/") expect(open.pop()).toBe(tag);
      else if (!["meta", "wbr"].includes(tag)) open.push(tag);
    }
    expect(open).toEqual([]);
  });

  test("is text of at most 72 columns, without blanks at the ends of lines", () => {
    const lines = text.split("\n");
    expect(lines.filter((line) => [...line].length > 72 && !line.startsWith("https://"))).toEqual([]);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
    expect(text.endsWith("\n")).toBe(true);
  });

  test("says the same in both forms", () => {
    const words = (form: string) => form.match(/[A-Za-z][A-Za-z']{3,}/g) ?? [];
    const shown = new Set(words(shownHtml(html)));
    expect(words(text).filter((word) => !shown.has(word))).toEqual([]);
  });
});

test("the dark style sheet names every part that has a colour of its own", () => {
  const html = RENDERED[0]?.html ?? "";
  const coloured = Object.entries(STYLES).filter(([, style]) => /#[0-9a-f]{6}/.test(style));
  const sheet = /<style>[\s\S]*<\/style>/.exec(html)?.[0] ?? "";
  expect(coloured.map(([part]) => part).filter((part) => !new RegExp(`\\.${part}\\b`).test(sheet))).toEqual(
    [],
  );
});

const documentOf = (...blocks: Document["blocks"]): Document => ({
  subject: "s",
  tone: "calm",
  heading: "Heading",
  blocks,
  footer: { service: "S", site: "https://s.example", lines: [] },
});

/** The text of blocks, without heading and footer. */
const bodyOf = (...blocks: Document["blocks"]) =>
  textOf(documentOf(...blocks))
    .split("\n")
    .slice(3, -4)
    .join("\n");

/** Bars of these sizes from 2026-11-20 on. */
const barsOf = (...sizes: bigint[]) =>
  sizes.map((size, at) => ({ day: addDays("2026-11-20", at), size, words: `${size}` }));

describe("plain text", () => {
  test("figures stand below each other by their points; a note below, a rule above a total", () => {
    const rows = [
      { label: "One", value: "$1,234.5678", note: "of somebody" },
      { label: "Another", value: "-$0.50" },
      { label: "All", value: "$1,234.0678", total: true as const },
    ];
    expect(bodyOf(figures(rows))).toBe(
      [
        "One      $1,234.5678",
        "  of somebody",
        "Another     -$0.50",
        "         -----------",
        "All      $1,234.0678",
      ].join("\n"),
    );
  });

  test("labels that leave no room beside them stand above their figures", () => {
    const label = "l".repeat(64);
    expect(bodyOf(figures([{ label, value: "$0.123456789012345678" }]))).toBe(
      `${label}\n  $0.123456789012345678`,
    );
  });

  test("facts hang below their beginning, lists below theirs", () => {
    const long = "word ".repeat(20).trim();
    const first = "word ".repeat(14).trim();
    expect(bodyOf(facts([{ label: "L", value: long }]))).toBe(`L  ${first}\n   ${"word ".repeat(6).trim()}`);
    expect(bodyOf(list([long]))).toBe(`- ${"word ".repeat(14).trim()}\n  ${"word ".repeat(6).trim()}`);
  });

  test("a command is never wrapped: it is there to be copied", () => {
    const line = `nightshift ${"x".repeat(90)} --option`;
    expect(bodyOf(command(line))).toBe(`    ${line}`);
  });

  test("a chart has three lines of eighths, from zero", () => {
    const bars = barsOf(0n, 1n, 8n, 16n, 24n);
    expect(bodyOf(chart("Title", bars)).split("\n")).toEqual([
      "Title",
      "",
      "          ██",
      "        ████",
      "    ▁▁██████",
      "",
      "5 nights, 2026-11-20 to 2026-11-24.",
      "Lowest: 0 (2026-11-20).",
      "Highest: 24 (2026-11-24).",
    ]);
  });
});

describe("HTML", () => {
  test("a chart has thirty columns, however young the service is; nothing is no bar", () => {
    const bars = barsOf(5n, 0n, 10n);
    const html = htmlOf(documentOf(chart("Title", bars)));
    expect(html.match(/class="slot"/g)).toHaveLength(30);
    expect([...html.matchAll(/height:(\d+)px;background/g)].map(([, height]) => height)).toEqual([
      "36",
      "72",
    ]);
    expect(html).toContain('aria-label="Title: 3 nights, 2026-11-20 to 2026-11-22. Lowest: 0 (2026-11-21).');
  });
});
