import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { fakeStories, LINES, reportOf } from "../fixtures/fake-stories.ts";
import { recorder, screen } from "../fixtures/outputs.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

describe("a night of the monitor", () => {
  test("is told line by line, and then summed up", async () => {
    const { loadStories, told } = fakeStories();
    const { out, err, status } = await nightshift(
      fakeDeps(root, { loadStories }),
      "rehearse",
      "host-goes-dark",
    );
    const folder = told[0]?.[1].folder ?? "";
    expect(out.split("\n")).toEqual([
      "03:00:00  web-host      FAILED (1): connection refused by 10.0.0.1:443",
      "03:02:00  incident 1    web-host is not well: somebody is to be told",
      "03:02:01  colin         gets the text: ALARM [1.1] web-host",
      "03:07:30  incident 1    colin has it, by call",
      "03:15:00  incident 1    web-host is well again",
      "",
      "host-goes-dark was rehearsed: 19 min simulated in 3.2 s",
      "",
      "incidents     1: web-host, over; 2: www, still open",
      "phones        2 SMS and 1 call",
      "functions     none failed",
      "list price    $0.0123 of DynamoDB and S3, without Lambda and Twilio",
      `look at       ${folder}`,
      `              ${folder}/status-2.html  (the status page after each transition: 2)`,
      "",
    ]);
    expect([err, status]).toEqual(["", 0]);
  });

  test("is told of this project, in a folder of its own", async () => {
    const { loadStories, told } = fakeStories();
    await nightshift(fakeDeps(root, { loadStories }), "rehearse", "flapping-link", "--fleet", "fleet.yml");
    const [[name, options] = []] = told;
    const folder = options?.folder ?? "";
    expect(name).toBe("flapping-link");
    expect(options).toMatchObject({ root, fleetFile: join(process.cwd(), "fleet.yml") });
    expect(folder.startsWith(join(root, ".nightshift", "rehearsals"))).toBe(true);
    expect(existsSync(folder)).toBe(true);
  });

  test("with --json is one document and nothing else, with absolute paths", async () => {
    const { loadStories, told } = fakeStories();
    const deps = fakeDeps(root, { loadStories });
    const { out, err, status } = await nightshift(deps, "rehearse", "host-goes-dark", "--json");
    const report = reportOf(told[0]?.[1].folder ?? "");
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(JSON.parse(out).lines).toHaveLength(LINES.length);
    expect([err, status]).toEqual(["", 0]);
  });

  test.each([[[]], [["--json"]]])("in which a function failed ends with 1 %j", async (more) => {
    const { loadStories } = fakeStories({ failures: ["run-checks: BoardContestedError"] });
    const deps = fakeDeps(root, { loadStories });
    const { out, status } = await nightshift(deps, "rehearse", "host-goes-dark", ...more);
    expect(out).toContain("run-checks: BoardContestedError");
    expect(status).toBe(1);
  });

  test("in which nothing happened says so", async () => {
    const { loadStories } = fakeStories({ incidents: [], pages: [] });
    const { out } = await nightshift(fakeDeps(root, { loadStories }), "rehearse", "host-goes-dark");
    expect(out).toMatch(/^incidents {5}none$/m);
    expect(out).not.toContain("status-");
  });

  test("on a terminal what people hear stands out, and no line is wider than it", async () => {
    const out = recorder({ isTTY: true, columns: 50 });
    const { loadStories } = fakeStories();
    await nightshift(fakeDeps(root, { loadStories, out }), "rehearse", "host-goes-dark");
    const lines = out.text().split("\n").slice(0, LINES.length);
    expect(lines.map((line) => line.slice(1, 4).replace("m", ""))).toEqual([
      "[2",
      "[31",
      "[33",
      "[33",
      "[32",
    ]);
    expect(screen(lines)[0]).toMatch(/^03:00:00 {2}web-host {6}FAILED \(1\): connection \.\.\./);
  });
});

describe("what is refused, before anything is told or removed", () => {
  test.each([
    { option: ["--fault", "image-failed"], says: "--fault is for machines" },
    { option: ["--time", "2026-11-22T04:00:00Z"], says: "--time is for machines" },
    { option: ["--input", "{}"], says: "--input is for machines" },
    { option: ["--port", "4566"], says: "--port is for machines" },
  ])("$says", async ({ option, says }) => {
    const { loadStories, told } = fakeStories();
    const deps = fakeDeps(root, { loadStories });
    const { out, err, status } = await nightshift(deps, "rehearse", "host-goes-dark", ...option);
    expect(err).toContain(`nightshift: ${says}\nA night of the monitor is told as it is.`);
    expect([out, status, told]).toEqual(["", 1, []]);
  });

  test.each([
    { name: "host-goes-drak", says: 'Did you mean "host-goes-dark"?' },
    { name: "flaping-link", says: 'Did you mean "flapping-link"?' },
    { name: "monitor-escalat", says: 'Did you mean "monitor-escalate"?' },
    { name: "quiet-night", says: "There are: accounts-delete, " },
  ])("a name that is nobody's: $name", async ({ name, says }) => {
    const { loadStories, told } = fakeStories();
    const { out, err, status } = await nightshift(fakeDeps(root, { loadStories }), "rehearse", name);
    expect(err).toContain(`nightshift: no machine "${name}"`);
    expect(err).toContain(says);
    expect(err).toContain("host-goes-dark, flapping-link.");
    expect([out, status, told]).toEqual(["", 1, []]);
  });

  test("a machine is none of the stories', and asks for none", async () => {
    const loadStories = () => Promise.reject(new Error("nobody asked for a story"));
    const { err } = await nightshift(fakeDeps(root, { loadStories }), "rehearse", "monitor-acknowledge");
    expect(err).not.toContain("story");
  });
});
