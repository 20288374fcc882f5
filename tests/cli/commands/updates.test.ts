import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { explainUpdatesError } from "../../../cli/deployed/dynamodb-updates.ts";
import type { UpdatesBook } from "../../../cli/deployed/updates-book.ts";
import type { Deps } from "../../../cli/deps.ts";
import { OperatorError } from "../../../cli/operator-error.ts";
import type { HostRecord, ReleaseRecord } from "../../../functions/updates/records.ts";
import { fakeCheckBook } from "../../functions/updates/fakes/fake-check-book.ts";
import { checked, missed, ofRelease, upgrade } from "../../functions/updates/fakes/sample-records.ts";
import { SHIPPED } from "../../layers/fleet/fleet-text.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { recorder } from "../fixtures/outputs.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

/** Four minutes and a half before the clock of fakeDeps. */
const CHECK = "2026-11-22T03:56:00.000Z";
const GIT = { packages: { value: { changes: [upgrade("git", "2.51")], notes: [] } } };
const CURL = {
  vulnerable: {
    value: [
      {
        name: "curl",
        version: "8.17.0",
        issues: [
          { title: "leak", cve: ["CVE-2026-1"], url: "https://vuxml.FreeBSD.org/1.html", affected: [] },
        ],
      },
    ],
  },
};

async function bookWith(
  hosts: HostRecord[],
  releases: ReleaseRecord[] = [],
  check = CHECK,
): Promise<UpdatesBook> {
  const book = fakeCheckBook();
  for (const host of hosts) await book.keepHost({ ...host, check });
  for (const release of releases) await book.keepRelease({ ...release, check });
  await book.replaceTold({ revision: 1, check, unsettled: [] });
  return book;
}

function run(book: UpdatesBook, line = "updates", more: Partial<Deps> = {}) {
  return nightshift(fakeDeps(root, { loadUpdates: async () => book, ...more }), ...line.split(" "));
}

describe("nightshift updates", () => {
  test("what is pending, worst first, hosts alike together; then those that are up to date", async () => {
    const places: string[] = [];
    const book = await bookWith(
      [checked("db", GIT), checked("mail"), checked("pkg"), checked("web", GIT), checked("www", CURL)],
      [ofRelease({ patchLevel: { value: 3 } })],
    );
    const loadUpdates = async (region: string, stage: string) => {
      places.push(`${stage} in ${region}`);
      return book;
    };
    const { out, err, status } = await run(book, "updates", { loadUpdates });
    expect(out).toBe(`www
  curl 8.17.0 is vulnerable: leak (CVE-2026-1)
    https://vuxml.FreeBSD.org/1.html

db, web (2)
  git 1.0 -> 2.51

FreeBSD 15.1 amd64
  FreeBSD 15.1 is at p3

Up to date: mail, pkg (2)

Checked at 2026-11-22 03:56 UTC, 4 min ago. Nothing was installed.
`);
    expect([err, status, places]).toEqual(["", 0, ["prod in us-east-1"]]);
  });

  test("a host that was missed: why, and what was known before", async () => {
    const known = { packages: GIT.packages.value };
    const { out } = await run(await bookWith([{ ...missed("db", { since: CHECK }), remembered: known }]));
    expect(out).toContain("db\n  not checked: connection refused\n  git 1.0 -> 2.51 (known before)\n");
  });

  test("the newest check is old: it says so where nobody overlooks it", async () => {
    const book = await bookWith([checked("db")], [], "2026-11-20T06:00:00.000Z");
    const { out, status } = await run(book);
    expect(out).toMatch(/THE LAST CHECK WAS AT 2026-11-20 06:00 UTC, .* ago: nothing was checked since\n$/);
    expect(status).toBe(0);
  });

  test.each([
    ["2026-11-21T02:01:00.000Z", false, "26 hours: today's may still be at work"],
    ["2026-11-21T02:00:00.000Z", true, "more is too much"],
  ])("a check at %s is old: %s, %s", async (check, isOld) => {
    const { out } = await run(await bookWith([checked("db")], [], check), "updates --json");
    expect(JSON.parse(out).isOld).toBe(isOld);
  });

  test("--host shows one, and nothing else", async () => {
    const book = await bookWith(
      [checked("db", GIT), checked("www", CURL)],
      [ofRelease({ patchLevel: { value: 3 } })],
    );
    const { out } = await run(book, "updates --host db");
    expect(out).toContain("git");
    expect(out).not.toMatch(/curl|FreeBSD 15/);
  });

  test("--json is one document for programs", async () => {
    const { out } = await run(
      await bookWith([checked("db", GIT)], [ofRelease()]),
      "updates --json --stage test",
    );
    expect(JSON.parse(out)).toMatchObject({
      ...{ stage: "test", region: "us-east-1", check: CHECK, isOld: false },
      hosts: [{ host: "db", outcome: { kind: "checked", findings: GIT } }],
      releases: [{ release: "15.1", findings: { patchLevel: { value: 0 } } }],
    });
  });

  test("colours only in a terminal: red for what is urgent, dim for what was known before", async () => {
    const out = recorder({ isTTY: true, columns: 100 });
    const known = { packages: GIT.packages.value };
    const book = await bookWith([checked("www", CURL), { ...missed("db"), remembered: known }]);
    await run(book, "updates", { out, environment: { TERM: "xterm" } });
    expect(out.text()).toContain("\u001b[31mcurl 8.17.0 is vulnerable");
    expect(out.text()).toContain("\u001b[2mgit 1.0 -> 2.51 (known before)");
    expect((await run(book)).out).not.toContain("\u001b");
  });

  test("nothing that a host chose reaches the terminal as it is", async () => {
    const nasty = "x\u001b]0;owned\u0007\r\n\u202ey";
    const { out } = await run(await bookWith([missed("db", { reason: nasty })]));
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("what cannot be shown is said, with what to do", () => {
  test("no check has ended yet", async () => {
    const { err, status } = await run(fakeCheckBook(), "updates --stage test");
    expect(err).toContain("no check for updates has ended yet\n");
    expect(err).toContain("nightshift run updates-check --stage test");
    expect(status).toBe(1);
  });

  test.each([
    ["dv", 'Did you mean "db"?'],
    ["something-else", "It knew: db, www."],
  ])("a host that the check did not know: %s", async (name, says) => {
    const book = await bookWith([checked("db"), checked("www")]);
    const { err, status } = await run(book, `updates --host ${name}`);
    expect(err).toContain(`the last check knew no host "${name}"\n${says}`);
    expect(status).toBe(1);
  });

  test("a fleet without a section updates", async () => {
    const file = join(root, "bare.yml");
    writeFileSync(file, SHIPPED.replace(/^updates:\n(?: {2}.*\n)+/m, ""));
    const { err, status } = await run(fakeCheckBook(), `updates --fleet ${file}`);
    expect(err).toContain("has no section updates, so nothing is checked");
    expect(status).toBe(1);
  });

  test("not deployed; and what anybody may run into", () => {
    const missing = Object.assign(new Error("no table"), { name: "ResourceNotFoundException" });
    expect(explainUpdatesError(missing, "us-east-1", "prod")).toMatchObject({
      message: 'nothing that checks for updates is deployed as stage "prod" in us-east-1',
      hint: "Deploy it: npm run deploy -- --stage prod",
    });
    const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    expect(explainUpdatesError(denied, "us-east-1", "prod")).toBeInstanceOf(OperatorError);
    const bug = new TypeError("a bug");
    expect(explainUpdatesError(bug, "us-east-1", "prod")).toBe(bug);
  });
});
