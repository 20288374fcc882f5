import { describe, expect, it, test } from "@jest/globals";
import { checkRelease, type ReleaseRequest } from "../../../functions/updates/check-release.ts";
import {
  BadSignatureError,
  NoSuchReleaseError,
  ServerUnreachableError,
} from "../../../functions/updates/failures.ts";
import type { ReleaseServers } from "../../../functions/updates/ports.ts";
import { fakeCheckBook } from "./fakes/fake-check-book.ts";
import { CHECK, ofRelease } from "./fakes/sample-records.ts";

const BEFORE = "2026-11-26T06:00:00.000Z";

interface Around {
  readonly release?: string;
  readonly servers?: Partial<ReleaseServers>;
  readonly published?: readonly string[] | (() => Promise<readonly string[]>);
  readonly isLastTry?: boolean;
  /** What was known of the patch level before. */
  readonly before?: number;
}

async function check({ release = "15.1", servers, published = ["15.1"], isLastTry = false, before }: Around) {
  const book = fakeCheckBook();
  if (before !== undefined)
    await book.keepRelease({ ...ofRelease({ patchLevel: { value: before } }, release), check: BEFORE });
  const request: ReleaseRequest = {
    ...{ check: CHECK, previous: before === undefined ? null : BEFORE, isLastTry },
    release: { release, arch: "amd64", filesystem: "ufs" },
  };
  const ports = {
    book,
    servers: {
      tag: async () => ({ patchLevel: 4, endOfLife: "2027-03-31" }),
      catalogue: async () => ({ patchLevel: 3 }),
      ...servers,
    },
    images: { releases: async () => (typeof published === "function" ? published() : published) },
  };
  const record = await checkRelease(request, ports);
  expect(await book.release(CHECK, release, "amd64")).toEqual(record);
  return record;
}

describe("a release", () => {
  it("from 15 on: its patch level is that of the packages, which is what hosts can get", async () => {
    expect((await check({})).findings).toEqual({
      patchLevel: { value: 3 },
      endOfLife: { value: "2027-03-31" },
      newerReleases: { value: [] },
    });
  });

  it("before 15: it is the tag's, and no catalogue is asked for", async () => {
    const servers = { catalogue: () => Promise.reject(new Error("there is none")) };
    const { findings } = await check({ release: "14.3", servers, published: ["14.3"] });
    expect(findings.patchLevel).toEqual({ value: 4 });
  });

  test.each([
    ["15.1", ["14.3", "15.0", "15.1", "15.2", "16.0"], ["15.2", "16.0"], "older ones are no news"],
    ["14.3", ["15.0", "14.10", "14.9", "14.3"], ["14.9", "14.10", "15.0"], "14.10 is newer than 14.9"],
    ["15.1", ["15.1", "15.1"], [], "it is not newer than itself"],
  ])("newer than %s among %j are %j: %s", async (release, published, newer) => {
    expect((await check({ release, published })).findings.newerReleases).toEqual({ value: newer });
  });

  it("nothing published at all is a problem, and not 'none is newer'", async () => {
    expect((await check({ published: [] })).findings.newerReleases).toHaveProperty("problem");
  });
});

describe("what FreeBSD's servers do not say", () => {
  const bad = () => Promise.reject(new BadSignatureError("not signed"));
  const away = () => Promise.reject(new ServerUnreachableError("no answer"));

  it("a tag that is not signed: its parts are not known, the others are", async () => {
    expect((await check({ servers: { tag: bad } })).findings).toEqual({
      patchLevel: { value: 3 },
      endOfLife: { problem: "not signed" },
      newerReleases: { value: [] },
    });
  });

  it("a release that they do not have", async () => {
    const servers = { catalogue: () => Promise.reject(new NoSuchReleaseError("404")) };
    expect((await check({ servers })).findings.patchLevel).toEqual({ problem: "404" });
  });

  it("a server that does not answer is worth another try, until it is the last", async () => {
    await expect(check({ servers: { tag: away } })).rejects.toThrow(ServerUnreachableError);
    const { findings } = await check({ servers: { tag: away, catalogue: away }, isLastTry: true });
    expect([findings.patchLevel, findings.endOfLife]).toEqual(Array(2).fill({ problem: "no answer" }));
  });

  it("a bug is not put on record", async () => {
    const servers = { tag: () => Promise.reject(new TypeError("a bug")) };
    await expect(check({ servers, isLastTry: true })).rejects.toThrow("a bug");
  });

  test.each([
    [3, { value: 3 }, "the same"],
    [2, { value: 3 }, "newer"],
    [
      4,
      { problem: "FreeBSD's server says patch level 3, and it said 4 before" },
      "older: a replay, or a mirror that stands still",
    ],
  ])("patch level %i was known, and now it is 3: %j, %s", async (before, patchLevel, _why) => {
    expect((await check({ before })).findings.patchLevel).toEqual(patchLevel);
  });

  it("a tag that is older than one before it is not believed in anything else either", async () => {
    const servers = { tag: async () => ({ patchLevel: 2, endOfLife: "2030-12-31" }) };
    const { findings, remembered } = await check({ release: "14.3", servers, before: 3 });
    const problem = "FreeBSD's server says patch level 2, and it said 3 before";
    expect([findings.patchLevel, findings.endOfLife]).toEqual([{ problem }, { problem }]);
    expect(remembered).toEqual({ patchLevel: 3, endOfLife: "2028-12-31" });
  });

  it("images of which is not said whether there are newer ones leave the rest standing", async () => {
    const published = () => Promise.reject(new ServerUnreachableError("SSM did not answer"));
    await expect(check({ published })).rejects.toThrow(ServerUnreachableError);
    expect((await check({ published, isLastTry: true })).findings).toEqual({
      patchLevel: { value: 3 },
      endOfLife: { value: "2027-03-31" },
      newerReleases: { problem: "SSM did not answer" },
    });
  });

  it("is remembered from the check before, and since when it is not known", async () => {
    const record = await check({ before: 4 });
    expect(record).toMatchObject({ remembered: { patchLevel: 4 }, unknownSince: { patchLevel: CHECK } });
    expect((await check({ before: 3 })).unknownSince).toEqual({});
  });
});
