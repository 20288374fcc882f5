import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { badgeOf } from "../../../../functions/monitor/status-page/badge.ts";
import { renderStatusPage } from "../../../../functions/monitor/status-page/render-page.ts";
import { statusFiles } from "../../../../functions/monitor/status-page/status-files.ts";
import * as samples from "../fakes/sample-views.ts";

const PAGES = Object.entries(samples).map(([name, view]) => ({
  name,
  view,
  page: renderStatusPage(view()).replaceAll("\u00a0", " "),
}));
const pageOf = (wanted: string) => PAGES.find(({ name }) => name === wanted)?.page ?? "";

/** Elements that have no end. */
const VOID = new Set(["meta", "link", "!doctype"]);

/** The names of elements that are open at the end, or the first that is closed in the wrong place. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name = "", empty] of page.matchAll(/<(\/?)([a-z!0-9]+)[^<>]*?(\/?)>/gi)) {
    if (empty === "/" || VOID.has(name.toLowerCase())) continue;
    if (end !== "/") open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

describe.each(PAGES)("the page of $name", ({ view, page }) => {
  it("is the same of the same, to the byte", () => {
    expect(renderStatusPage(view())).toBe(renderStatusPage(view()));
  });

  it("is well formed, with one h1, no level of heading left out, and no id twice", () => {
    expect(unbalanced(page)).toEqual([]);
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    for (const [at, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("runs nothing, fetches nothing, and has the one style sheet that its policy names", () => {
    expect(page).not.toMatch(/<script|<iframe|<img|<object|<embed|<form|javascript:| on[a-z]+="| style="/i);
    const withoutIcon = page.replace(/<link rel="icon" href="data:[^"]*">/, "");
    expect(withoutIcon).not.toMatch(/(src|href)="(?!#)|url\(|@import|https?:/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
  });

  it("says nothing of hosts, addresses, ports, probes, people or machines", () => {
    expect(page).not.toMatch(
      /internal-host|\b10\.20\.|refused|200 OK|:587|8022|colin|\+1604|SM1|ssh-ed25519|billing-nightly|Secret|canary/,
    );
  });
});

describe("what it says", () => {
  it.each([
    {
      of: "allWell",
      text: "<title>All systems are working – Example Backup</title>",
      why: "the tab says it all",
    },
    {
      of: "allWell",
      text: '<time datetime="2026-11-27T02:20:00Z">21:20</time>, America/New York (UTC−05:00)',
      why: "times with their zone",
    },
    {
      of: "allWell",
      text: "The mail server did not answer as it should from <time",
      why: "plain words by kind",
    },
    { of: "allWell", text: "(18 minutes)", why: "how long it was" },
    {
      of: "allWell",
      text: '<h3><time datetime="2026-11-19">Thursday 19 November</time></h3>',
      why: "by the zone's day",
    },
    { of: "allWell", text: "<strong>99.92 % uptime</strong>", why: "uptime" },
    { of: "allWell", text: "<title>26 Nov: 100 %</title>", why: "a day in words" },
    {
      of: "allWell",
      text: 'aria-label="Web site: response time in the last 48 hours, usually',
      why: "a chart in words",
    },
    {
      of: "oneIncident",
      text: "2 of 6 systems are not working",
      why: "what depends on another does not work either",
    },
    { of: "oneIncident", text: "Somebody is working on it.", why: "that it was acknowledged, not by whom" },
    {
      of: "oneIncident",
      text: 'since <time datetime="2026-11-27T02:05:00Z">21:05</time> (15 minutes)',
      why: "since when",
    },
    {
      of: "oneIncident",
      text: "Every Thursday at 18:00, for 60 minutes: Backup and restore",
      why: "work to come",
    },
    {
      of: "hostileTitles",
      text: "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</title>",
      why: "a title stays a title",
    },
    {
      of: "hostileTitles",
      text: 'aria-label="&lt;img src=x onerror=alert(1)&gt;: day by day"',
      why: "in attributes too",
    },
    { of: "hostileTitles", text: "Somebody is being told.", why: "not acknowledged" },
    { of: "twentyChecks", text: "There was no incident.", why: "a quiet month" },
    { of: "noResults", text: "Nothing was measured yet.", why: "before the first run" },
    { of: "outOfDate", text: "No results since 21:20: this page is out of date", why: "it says so itself" },
  ])("$of: $why", ({ of, text }) => {
    expect(pageOf(of)).toContain(text);
  });

  it("has a shape and a word for each state, and the shape in the tab", () => {
    const states = [
      ...pageOf("oneIncident").matchAll(/class="state (\w+)">.*?href="#(\w+)".*?<\/svg>([^<]+)</g),
    ];
    expect(states.map(([, colour, shape, words]) => [colour, shape, words])).toEqual([
      ["bad", "bad", "Not working"],
      ["bad", "bad", "Not reachable"],
      ["good", "good", "Working"],
      ["warn", "warn", "Last try failed"],
      ["plan", "plan", "Planned work"],
      ["warn", "warn", "Comes and goes"],
    ]);
    expect(pageOf("oneIncident")).toContain(
      `href="data:image/svg+xml,${encodeURIComponent('<svg xmlns="http')}`,
    );
  });

  it("has a bar for each of 90 days of each check, all of them named", () => {
    const page = pageOf("twentyChecks");
    expect([...page.matchAll(/<path[^>]*><title>\d+ \w{3}: [^<]+<\/title><\/path>/g)]).toHaveLength(20 * 90);
  });

  it("draws hours without results as gaps, and a single one as a dot", () => {
    const view = samples.allWell();
    const [check] = view.checks;
    if (check === undefined) throw new Error("the sample has checks");
    const hours = check.hours.map((hour, at) =>
      at === 3 || at >= 45
        ? { ...hour, average: 100, slowest: 200 }
        : { ...hour, average: null, slowest: null },
    );
    const page = renderStatusPage({ ...view, checks: [{ ...check, hours }] });
    expect(page).toContain('<path class="average" d="M3 25h0M45 25L46 25L47 25"/>');
    expect(page).toContain('<path class="ground" d="M3 50L3 0V50zM45 50L45 0L46 0L47 0V50z"/>');
  });
});

describe("its size", () => {
  it("of 20 checks is below 200 KB, and below 16 KB as gzip", () => {
    const page = Buffer.from(renderStatusPage(samples.twentyChecks()));
    expect(page.length).toBeLessThan(200_000);
    expect(gzipSync(page).length).toBeLessThan(16_000);
  });
});

describe("the other files", () => {
  it("are status.json, which says what the page says, and a badge of each check", () => {
    const view = { ...samples.oneIncident(), madeAt: "2026-11-27T02:21:12.000Z" };
    const files = statusFiles(view);
    expect(files.map(({ name }) => name)).toEqual([
      "index.html",
      "status.json",
      ...[
        "web-site",
        "incoming-mail",
        "certificate",
        "name-service",
        "backup-and-restore",
        "nightly-accounts",
      ].map((slug) => `badges/${slug}.svg`),
    ]);
    expect(JSON.parse(files[1]?.text ?? "")).toEqual({ form: 1, ...view });
  });

  it("say nothing that the page does not", () => {
    for (const { text } of statusFiles(samples.oneIncident()))
      expect(text).not.toMatch(/internal-host|colin|10\.20/);
  });

  it("a badge is an escaped SVG document", () => {
    const badge = badgeOf({ title: '<b>"', words: "Not working", standing: "down" });
    expect(unbalanced(badge)).toEqual([]);
    expect(badge).toContain("<title>&lt;b&gt;&quot;: Not working</title>");
    expect(badge).toContain('fill="#b02318"');
  });
});
