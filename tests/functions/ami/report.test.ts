import { describe, expect, test } from "@jest/globals";
import type { BuildRecord } from "../../../functions/ami/ports.ts";
import { failureReport, reaperReport, successReport } from "../../../functions/ami/report.ts";
import { MessageSchema } from "../../../functions/mail/message.ts";

const PARTIES = { from: "nightshift@example.org", to: "root@example.org" };

const RECORD: BuildRecord = {
  id: "base-20261122-0400-15.1-amd64-3f2a9c1d",
  image: "base",
  release: "15.1",
  recipeHash: "3f2a9c1d".repeat(8),
  packages: [
    { name: "pkg", version: "2.4" },
    { name: "spiped", version: "1.6.4" },
  ],
  inspectedInstanceId: "i-1",
  images: { "us-east-1": "ami-00000000000000001", "us-west-2": "ami-00000000000000002" },
  publishedAt: "2026-11-22T05:00:00.000Z",
};
const EARLIER = { ...RECORD, id: "base-20261115-0400-15.1-amd64-3f2a9c1d" };

describe("the report on a build", () => {
  const rows: [
    why: string,
    previous: BuildRecord | undefined,
    retired: string[],
    says: RegExp,
    not: RegExp,
  ][] = [
    [
      "the first build says how much there is",
      undefined,
      [],
      /first build, with 2 packages/,
      /Changed|Retired/,
    ],
    ["the same again says so", EARLIER, [], /Nothing changed since base-20261115/, /first build|Retired/],
    [
      "an upgraded package",
      {
        ...EARLIER,
        packages: [
          { name: "pkg", version: "2.3" },
          { name: "spiped", version: "1.6.4" },
        ],
      },
      [],
      /^ {2}pkg 2\.3 -> 2\.4$/m,
      /spiped|recipe/,
    ],
    [
      "a package more",
      { ...EARLIER, packages: [{ name: "pkg", version: "2.4" }] },
      [],
      /^ {2}spiped 1\.6\.4 \(new\)$/m,
      /pkg 2/,
    ],
    [
      "a package less",
      { ...EARLIER, packages: [...RECORD.packages, { name: "qmail", version: "1.03" }] },
      [],
      /^ {2}qmail 1\.03 \(gone\)$/m,
      /pkg/,
    ],
    ["another release", { ...EARLIER, release: "15.0" }, [], /FreeBSD 15\.0 -> 15\.1/, /Nothing changed/],
    [
      "another recipe",
      { ...EARLIER, recipeHash: "a".repeat(64) },
      [],
      /recipe aaaaaaaa -> 3f2a9c1d/,
      /Nothing changed/,
    ],
    ["retired images are named", EARLIER, ["ami-0a", "ami-0b"], /^Retired: ami-0a, ami-0b$/m, /first build/],
  ];
  test.each(rows)("%s", (_why, previous, retired, says, not) => {
    const { text } = successReport(PARTIES, RECORD, previous, retired);
    expect(text).toMatch(says);
    expect(text).not.toMatch(not);
    for (const id of Object.values(RECORD.images)) expect(text).toContain(id);
  });

  test("the same build has the same key, whatever its text: it is reported once", () => {
    const first = successReport(PARTIES, RECORD, undefined, []);
    expect(successReport(PARTIES, RECORD, EARLIER, ["ami-0a"]).id).toBe(first.id);
    expect(successReport(PARTIES, EARLIER, undefined, []).id).not.toBe(first.id);
  });
});

describe("the report on a failure", () => {
  const FAILURE = {
    image: "base",
    executionArn: "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:ami-build-one",
    reason: "NoCapacityError: none",
    removed: [],
    cleanedUp: true,
    published: false,
  };

  test("says first that the current image stands, then why, and where to read on", () => {
    const { subject, text } = failureReport(PARTIES, FAILURE);
    expect(subject).toBe("Image base: NOT built");
    expect(text).toMatch(
      /current image stays what it was[\s\S]*Reason: NoCapacityError: none[\s\S]*nightshift show arn:\S+:ami-build-one\n/,
    );
    expect(text).toContain("Nothing was removed.");
    expect(text).not.toContain("Clean-up did not finish");
  });

  test("names what was removed, and owns up to what was not", () => {
    const { text } = failureReport(PARTIES, {
      ...FAILURE,
      removed: ["instance i-1 in us-east-1"],
      cleanedUp: false,
    });
    expect(text).toMatch(/Removed:\n {2}instance i-1 in us-east-1/);
    expect(text).toMatch(/Clean-up did not finish\. The reaper/);
  });

  test("does not deny an image that was published before clean-up failed", () => {
    const { subject, text } = failureReport(PARTIES, { ...FAILURE, published: true, cleanedUp: false });
    expect(subject).toBe("Image base: built, but not cleaned up");
    expect(text).toMatch(/was built and is current, but the run failed after that/);
  });
});

test.each([
  ["one", ["instance i-1"], "Reaper: removed 1 leftover"],
  ["several", ["instance i-1", "volume vol-1"], "Reaper: removed 2 leftovers"],
])("the reaper's report on %s", (_why, removed, subject) => {
  const report = reaperReport(PARTIES, new Date("2026-11-22T06:00:00Z"), removed);
  expect(report).toMatchObject({ subject, id: "reap/2026-11-22T06:00:00.000Z" });
  for (const line of removed) expect(report.text).toContain(`  ${line}`);
});

test("every report is a message that the mail domain takes", () => {
  const failure = {
    image: "base",
    executionArn: "x",
    reason: "y",
    removed: [],
    cleanedUp: false,
    published: false,
  };
  for (const report of [
    successReport(PARTIES, RECORD, undefined, []),
    failureReport(PARTIES, failure),
    reaperReport(PARTIES, new Date(0), ["instance i-1"]),
  ]) {
    expect(MessageSchema.safeParse(report)).toMatchObject({ success: true });
  }
});
