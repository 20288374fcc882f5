import { beforeEach, describe, expect, it } from "@jest/globals";
import { type PublishingDesk, publishStatus } from "../../../functions/monitor/publish-status.ts";
import { fakeHistory } from "./fakes/fake-history.ts";
import { fakeIncidents } from "./fakes/fake-incidents.ts";
import { NOW, sampleBoard, sampleIncident, sampleMonitor } from "./fakes/sample-monitor.ts";

const monitor = sampleMonitor();
const PAGE = ["index.html", "status.json"];
const BADGES = [
  "web-site",
  "incoming-mail",
  "certificate",
  "name-service",
  "backup-and-restore",
  "nightly-accounts",
].map((slug) => `badges/${slug}.svg`);

let shelf: Map<string, string>;
let asked: string[];
let desk: PublishingDesk;
beforeEach(async () => {
  shelf = new Map();
  asked = [];
  const history = fakeHistory();
  await history.shelve("2026-11-26T20", { web: "0f3 1f3 2g45" });
  const incidents = fakeIncidents();
  for (let number = 1; number <= 120; number += 1)
    await incidents.open(sampleIncident({ number, openedAt: new Date("2026-11-26T20:00:00Z") }));
  desk = {
    monitor,
    board: { read: async () => sampleBoard(monitor, { web: { phase: "alarm", incident: 120 } }) },
    history: {
      days: (from, to) => {
        asked.push(`days ${from} ${to}`);
        return history.days(from, to);
      },
    },
    incidents: {
      newest: (count) => {
        asked.push(`newest ${count}`);
        return incidents.newest(count);
      },
    },
    shelf: { put: async (name, text) => void shelf.set(name, text) },
  };
});

describe("publishing", () => {
  it.each(["2026-11-27T02:20:00.000Z", "2026-11-27T03:01:12.000Z", "2026-11-27T02:59:59.999Z"])(
    "everything, at %s, is the page and a badge of each check that everybody may see",
    async (now) => {
      expect(await publishStatus(new Date(now), "everything", desk)).toEqual({ files: 8 });
      expect([...shelf.keys()]).toEqual([...PAGE, ...BADGES]);
    },
  );

  it.each(["2026-11-27T02:20:00.000Z", "2026-11-27T02:21:00.000Z"])(
    "the page, at %s, writes no badge",
    async (now) => {
      expect(await publishStatus(new Date(now), "page", desk)).toEqual({ files: 2 });
      expect([...shelf.keys()]).toEqual(PAGE);
    },
  );

  it("asks for the 91 days before today, in UTC, and for the newest hundred incidents", async () => {
    await publishStatus(NOW, "page", desk);
    expect(asked).toEqual(["days 2026-08-28 2026-11-27", "newest 100"]);
  });

  it("says what is on the board, in history, and of incidents", async () => {
    await publishStatus(NOW, "page", desk);
    const view = JSON.parse(shelf.get("status.json") ?? "{}");
    expect(view.madeAt).toBe(NOW.toISOString());
    expect(view.checks.map(({ title }: { title: string }) => title)).not.toContain("Secret thing");
    expect(view.checks[0]).toMatchObject({ title: "Web site", standing: "down" });
    expect(JSON.stringify(view)).not.toMatch(/internal-host|10\.20\.30/);
  });

  it("fails when the shelf does, and with what the shelf said", async () => {
    const put = () => Promise.reject(new Error("the bucket is gone"));
    await expect(publishStatus(NOW, "page", { ...desk, shelf: { put } })).rejects.toThrow(
      "the bucket is gone",
    );
  });
});
