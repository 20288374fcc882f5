import { describe, expect, it } from "@jest/globals";
import type { Log } from "#platform";
import type { Beat } from "../../../functions/monitor/heartbeats/heartbeat-url.ts";
import { heartbeatPath, readHeartbeatPath } from "../../../functions/monitor/heartbeats/heartbeat-url.ts";
import { receiveHeartbeat } from "../../../functions/monitor/heartbeats/receive-heartbeat.ts";
import { monitorWith } from "./fakes/shipped-monitor.ts";

const SECRET = "s".repeat(43);
const path = heartbeatPath(SECRET, "backup");
const monitor = monitorWith(`
backup: { kind: heartbeat, withinMinutes: 1440 }
www: { kind: http, url: "https://www.example.org/" }
`);

describe("the address of a heartbeat", () => {
  it.each<[string, Beat, string]>([
    [path, { kind: "success" }, "by itself it is success"],
    [`${path}/`, { kind: "success" }, "a slash at the end is not held against anybody"],
    [`${path}/0`, { kind: "success" }, "so is status 0: curl …/$?"],
    [`${path}/start`, { kind: "start" }, "the job begins"],
    [`${path}/fail`, { kind: "failure", exitStatus: undefined }, "it failed"],
    [`${path}/2`, { kind: "failure", exitStatus: 2 }, "with that status"],
    [`${path}/255`, { kind: "failure", exitStatus: 255 }, "the largest"],
  ])("%s", (text, beat) => {
    expect(readHeartbeatPath(text, SECRET)).toEqual({ check: "backup", beat });
  });

  it.each([
    [`${path}/256`, "no exit status"],
    [`${path}/stop`, "no word of ours"],
    [`${path}x`, "a token that is too long"],
    [path.slice(0, -1), "a token that is too short"],
    [heartbeatPath(SECRET, "www").replace("www", "backup"), "another check's token"],
    [heartbeatPath("t".repeat(43), "backup"), "another secret's"],
    [`/${"a".repeat(31)}/${"A".repeat(32)}`, "a name that is too long"],
    ["/", "nothing"],
    ["//backup/", "hardly anything"],
  ])("%s is none: %s", (text) => {
    expect(readHeartbeatPath(text, SECRET)).toBeUndefined();
  });
});

describe("a report", () => {
  const now = new Date("2026-11-27T03:00:00Z");
  function reception(over: object = {}) {
    const heard: string[] = [];
    const beats = { beat: async (check: string, { kind }: Beat) => void heard.push(`${check} ${kind}`) };
    const lines: string[] = [];
    const log: Log = {
      info: (message) => void lines.push(message),
      error: (message) => void lines.push(message),
      metric: (name) => void lines.push(name),
    };
    return {
      heard,
      lines,
      desk: { monitor, beats, secret: { read: async () => SECRET }, now, log, ...over },
    };
  }

  it("is kept and thanked for", async () => {
    const { heard, desk } = reception();
    expect(await receiveHeartbeat({ rawPath: `${path}/start` }, desk)).toMatchObject({
      statusCode: 200,
      body: "OK\n",
    });
    expect(heard).toEqual(["backup start"]);
  });

  it("to a wrong address is told no more than that there is nothing", async () => {
    const { heard, desk } = reception();
    expect(await receiveHeartbeat({ rawPath: "/backup/guess" }, desk)).toMatchObject({ statusCode: 404 });
    expect(heard).toEqual([]);
  });

  it("for a check that is no heartbeat, or no more, is said to be that", async () => {
    const { heard, desk } = reception();
    expect(await receiveHeartbeat({ rawPath: heartbeatPath(SECRET, "www") }, desk)).toMatchObject({
      statusCode: 404,
      body: "no heartbeat check www in the fleet\n",
    });
    expect(heard).toEqual([]);
  });

  it("that cannot be kept is asked for again, and noted", async () => {
    const broken = { beat: () => Promise.reject(new Error("table gone")) };
    const { lines, desk } = reception({ beats: broken });
    expect(await receiveHeartbeat({ rawPath: path }, desk)).toMatchObject({ statusCode: 503 });
    expect(JSON.stringify(lines)).toContain("table gone");
    expect(JSON.stringify(lines)).toContain("HeartbeatDeferred");
  });
});
