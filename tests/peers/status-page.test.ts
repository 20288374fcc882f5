import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { renderStatusPage } from "../../functions/monitor/status-page/render-page.ts";
import * as samples from "../functions/monitor/fakes/sample-views.ts";
import { type Browser, startBrowser, type Tab, whyNoBrowser } from "./headless-browser.ts";
import { overflows, poorStrokes, poorTexts } from "./status-page-checks.js";

const SCREENSHOTS = join(import.meta.dirname, "../../.nightshift/screenshots");

const PAGES: Readonly<Record<string, string>> = {
  "all-well": renderStatusPage(samples.allWell()),
  "one-incident": renderStatusPage(samples.oneIncident()),
  "hostile-titles": renderStatusPage(samples.hostileTitles()),
  "twenty-checks": renderStatusPage(samples.twentyChecks()),
  "no-results": renderStatusPage(samples.noResults()),
  "out-of-date": renderStatusPage(samples.outOfDate()),
};

const missing = whyNoBrowser();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(missing);

let server: Server;
let asked: string[] = [];
let browser: Browser;
let tab: Tab;

/** Opens a page as S3 would give it, in a window of that many CSS pixels. */
async function look(name: string, width: number, scheme: "light" | "dark", media = "screen"): Promise<void> {
  asked = [];
  await tab.call("Emulation.setDeviceMetricsOverride", {
    width,
    height: 800,
    deviceScaleFactor: width < 500 ? 2 : 1,
    mobile: width < 500,
  });
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await tab.call("Emulation.setEmulatedMedia", { media, features });
  tab.events();
  await tab.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`);
}

const inPage = <Value>(check: () => Value) => tab.evaluate<Value>(`(${check})()`);

(missing === undefined || required ? describe : describe.skip)("in Chromium", () => {
  beforeAll(async () => {
    server = createServer(({ url = "/" }, response) => {
      asked.push(url);
      const page = PAGES[url.slice(1)];
      response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
      response.end(page);
    }).listen(0, "127.0.0.1");
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = startBrowser();
    tab = await browser.tab();
  }, 60_000);
  afterAll(async () => {
    await browser.stop();
    server.close();
  });

  const VIEWS = Object.keys(PAGES).flatMap((name) =>
    [320, 800].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ name, width, scheme }))),
  );

  test.each(VIEWS)("$name, $width px, $scheme", async ({ name, width, scheme }) => {
    await look(name, width, scheme);
    const shot = await tab.call("Page.captureScreenshot", { captureBeyondViewport: true });
    writeFileSync(
      join(SCREENSHOTS, `${name}-${width}-${scheme}.png`),
      Buffer.from(String(shot.data), "base64"),
    );
    expect(await inPage(overflows)).toEqual([]);
    expect(await inPage(poorTexts)).toEqual([]);
    expect(await inPage(poorStrokes)).toEqual([]);
    expect(await tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(scheme === "dark");
    const complaints = tab
      .events()
      .filter(({ method }) => /^(Log\.entry|Audits\.issue|Runtime\.(console|exception))/.test(method));
    expect(complaints.map(({ params }) => params)).toEqual([]);
    expect(asked).toEqual([`/${name}`]);
  });

  test.each(Object.keys(PAGES))("%s at 200 % and at 400 % stays as wide as the window", async (name) => {
    for (const width of [400, 320]) {
      await look(name, width, "light"); // a window of 800 px at 200 % has 400 CSS pixels, one of 1280 at 400 % has 320
      expect(await inPage(overflows)).toEqual([]);
    }
    await look(name, 800, "light");
    await tab.evaluate("document.documentElement.style.fontSize = '200%'"); // larger letters alone
    expect(await tab.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")).toBe(32);
    expect(await inPage(overflows)).toEqual([]);
  });

  test.each(["all-well", "twenty-checks"])(
    "%s on paper is dark on light, and as wide as the paper",
    async (name) => {
      await look(name, 700, "dark", "print");
      expect(await inPage(poorTexts)).toEqual([]);
      expect(await inPage(overflows)).toEqual([]);
      expect(await tab.evaluate("getComputedStyle(document.body).color")).toBe("rgb(26, 30, 34)");
    },
  );

  test("the style sheet holds, and nothing else may: an injected style or script is refused", async () => {
    await look("all-well", 800, "light");
    expect(await tab.evaluate("document.styleSheets.length")).toBe(1);
    await tab.evaluate(`document.body.insertAdjacentHTML("beforeend",
      '<style>h1{display:none}</style><p id="p" style="color:red">x</p><img src="/x.png" onerror="window.ran=1">')`);
    expect(
      await tab.evaluate("[document.styleSheets.length, getComputedStyle(p).color, typeof ran]"),
    ).toEqual([1, "rgb(26, 30, 34)", "undefined"]);
    expect(asked).toEqual(["/all-well"]);
  });

  test("hostile titles are read as they were written, and nothing of them is an element", async () => {
    await look("hostile-titles", 800, "light");
    expect(await tab.evaluate("document.querySelector('h1').textContent")).toBe(
      `</title><script>alert(1)</script>"'&`,
    );
    expect(await tab.evaluate("document.title")).toContain("<script>alert(1)</script>");
    expect(await tab.evaluate("document.querySelectorAll('script, img').length")).toBe(0);
  });

  test("who listens hears headings, states, a name of each chart, and a percentage of each day", async () => {
    await look("one-incident", 800, "light");
    const { nodes } = (await tab.call("Accessibility.getFullAXTree")) as unknown as { nodes: AxNode[] };
    const spoken = nodes.filter(({ ignored }) => !ignored);
    const named = (role: string) =>
      spoken.filter((node) => node.role?.value === role).map(({ name }) => name?.value ?? "");
    const titles = [
      "Web site",
      "Incoming mail",
      "Certificate",
      "Name service",
      "Backup and restore",
      "Nightly accounts",
    ];
    const sections = ["What is wrong now", "Planned work", "Systems", "The last 30 days"];
    expect(named("heading")).toEqual(
      expect.arrayContaining(["Example Backup", "2 of 6 systems are not working", ...sections, ...titles]),
    );
    const bars = spoken.filter(({ name }) => name?.value?.endsWith(": day by day"));
    expect(bars.map(({ name }) => name?.value)).toEqual(titles.map((title) => `${title}: day by day`));
    for (const { childIds } of bars) {
      const days = nodes.filter(({ nodeId, ignored }) => childIds.includes(nodeId) && !ignored);
      expect(days).toHaveLength(90);
      for (const { name } of days)
        expect(name?.value).toMatch(/^\d+ \w{3}: (\d+(\.\d\d)?\u00a0%|no results|not measured|about)/);
    }
    const charts = spoken.filter(({ name }) => name?.value?.includes(": response time in the last 48 hours"));
    expect(charts).toHaveLength(5);
    for (const landmark of ["banner", "main", "contentinfo"]) expect(named(landmark)).toHaveLength(1);
    expect(named("region").toSorted()).toEqual(sections.toSorted());
  });
});

interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly childIds: readonly string[];
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}
