import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { flappingLink } from "../../local/watch/stories/flapping-link.ts";
import { hostGoesDark } from "../../local/watch/stories/host-goes-dark.ts";
import type { Story } from "../../local/watch/story.ts";
import { type StoryReport, tellStory } from "../../local/watch/tell-story.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Tells a story once for all tests of a block. */
function told(story: Story): { report: () => StoryReport } {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-story-"));
  let report: StoryReport | undefined;
  beforeAll(async () => {
    const fleetFile = join(ROOT, "fleet.yml");
    report = await tellStory(story, { root: ROOT, fleetFile, folder, onLine: () => undefined });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    report: () => {
      if (report === undefined) throw new Error("the story was not told");
      return report;
    },
  };
}

/** What somebody saw, "03:02 incident 1: …", without ports. */
function seen({ lines }: StoryReport, who: RegExp): string[] {
  return lines
    .filter((line) => who.test(line.who))
    .map(
      ({ at, who, what }) =>
        `${at.toISOString().slice(11, 16)} ${who}: ${what.replaceAll(/\d+\.\d+\.\d+\.\d+:\d+/g, "HOST")}`,
    );
}

/*
 * Goal: at three in the night a host stops answering.
 * - Three minutes are an alarm; what is behind the host is silent.
 * - The owner sleeps through the text, is called after five minutes, and presses 1. Nobody else is woken.
 * - The host comes back; after two good minutes it is over, and who was told hears so.
 */
describe("a host goes dark at three", () => {
  const { report } = told(hostGoesDark);

  it("is an alarm after its third minute, about the host and nothing behind it", () => {
    expect(seen(report(), /^incident/)).toEqual([
      "03:02 incident 1: web-host is not well: somebody is to be told",
      "03:07 incident 1: colin has it, by call",
      "03:14 incident 1: web-host is well again",
    ]);
    expect(seen(report(), /^www$/)).toContainEqual(expect.stringContaining("TIMED OUT, silent: parent"));
  });

  it("the owner gets a text, a call, and the all-clear, each once", () => {
    const heard = seen(report(), /^colin$/).filter((line) => /gets the text|hears/.test(line));
    expect(heard).toEqual([
      expect.stringMatching(/^03:02 colin: gets the text: ALARM \[1\.1\] The web host: .*Reply ACK 1$/),
      expect.stringMatching(/^03:07 colin: hears on the phone: Alarm\. .* Press 1 to acknowledge\.$/),
      expect.stringMatching(/^03:07 colin: hears on the phone: .*acknowledged/),
      expect.stringMatching(/^03:14 colin: gets the text: OK \[1\.0\] The web host works again after 14 min/),
    ]);
    expect(report().messages).toEqual({ sms: 2, calls: 1 });
  });

  it("nobody else is woken", () => {
    expect(seen(report(), /^deputy$/)).toEqual([]);
  });

  it("no function fails", () => {
    expect(report().failures).toEqual([]);
  });

  it("the status page says in plain words what is, after each transition, and names no address", () => {
    const pages = report().pages.map((file) => readFileSync(file, "utf8"));
    const says = (index: number, text: string) => pages[index]?.includes(text);
    expect([pages.length, says(0, "could not be reached since"), says(0, "Somebody is being told")]).toEqual([
      3,
      true,
      true,
    ]);
    expect([says(2, "All systems are working"), says(2, "could not be reached from")]).toEqual([true, true]);
    expect(pages.filter((page) => /127\.0\.0\.1|colin|\+1604/.test(page))).toHaveLength(0);
  });
});

/*
 * Goal: a link goes up and down every minute, so that it never fails three times in a row.
 * - It is one incident all the same, with one text; its owner answers it.
 * - It is over only once it has calmed down, and that is told once.
 */
describe("a flapping link", () => {
  const { report } = told(flappingLink);

  it("is one incident, however often it goes up and down", () => {
    expect(report().incidents).toMatchObject([{ number: 1, check: "link", cause: "flapping" }]);
    expect(report().messages).toEqual({ sms: 2, calls: 0 });
  });

  it("is acknowledged by a text, and over when it has calmed down", () => {
    expect(seen(report(), /^incident/)).toEqual([
      "03:04 incident 1: link is not well: somebody is to be told",
      "03:04 incident 1: colin has it, by sms",
      "03:23 incident 1: link is well again",
    ]);
  });
});

describe("a story that is interrupted", () => {
  it("ends before the next minute", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nightshift-story-"));
    const abort = new AbortController();
    const seen: string[] = [];
    const telling = tellStory(hostGoesDark, {
      ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), folder, signal: abort.signal },
      onLine: ({ who }) => {
        seen.push(who);
        if (who.startsWith("incident")) abort.abort();
      },
    });
    await expect(telling).rejects.toMatchObject({ name: "AbortError" });
    expect(seen.filter((who) => who === "web-host").length).toBeGreaterThan(0);
    expect(seen.filter((who) => who.startsWith("incident"))).toHaveLength(1);
    rmSync(folder, { recursive: true, force: true });
  });
});
