import { expect, test } from "@jest/globals";
import { composeReport } from "../../../functions/ami/compose-report.ts";
import { fakeBook } from "./fakes/fake-book.ts";
import { NOW, sampleBuild } from "./fakes/sample-build.ts";

const OWNER = { mail: "root@example.org", from: "nightshift@example.org" };
const BUILD = sampleBuild();
const LAST_WEEK = sampleBuild({ id: "base-20261115-0400-15.1-amd64-3f2a9c1d" });
const MAIL_HOST = sampleBuild({ id: "mail-20261115-0400-15.1-amd64-3f2a9c1d", image: "mail" });

async function bookWith(...published: (typeof BUILD)[]) {
  const book = fakeBook();
  for (const build of published) {
    await book.recordInspection(build, "i-1", [{ name: "pkg", version: build === BUILD ? "2.4" : "2.3" }]);
    await book.recordPublished(build, { "us-east-1": `ami-of-${build.id}` }, NOW);
  }
  return book;
}

test("compares with the build before, tells where the image is and what was retired", async () => {
  const { message } = await composeReport(BUILD, ["ami-old"], OWNER, await bookWith(LAST_WEEK, BUILD));
  expect(message).toMatchObject({ id: `${BUILD.id}/built`, to: ["root@example.org"], from: OWNER.from });
  expect(message.text).toContain("pkg 2.3 -> 2.4");
  expect(message.text).toContain(`ami-of-${BUILD.id}`);
  expect(message.text).toContain("Retired: ami-old");
});

test("a second run writes the very same message, since the book and not the clock is asked", async () => {
  const book = await bookWith(LAST_WEEK, BUILD);
  const first = await composeReport(BUILD, [], OWNER, book);
  await book.recordPublished(BUILD, { "us-east-1": `ami-of-${BUILD.id}` }, new Date("2030-01-01"));
  expect(await composeReport(BUILD, [], OWNER, book)).toEqual(first);
});

test("what never was published is no build to compare with", async () => {
  const book = await bookWith(BUILD);
  await book.recordInspection(LAST_WEEK, "i-1", [{ name: "pkg", version: "2.3" }]);
  expect((await composeReport(BUILD, [], OWNER, book)).message.text).toContain(
    "first build, with 1 package.",
  );
});

test("another image's builds are no builds to compare with", async () => {
  const { message } = await composeReport(BUILD, [], OWNER, await bookWith(MAIL_HOST, BUILD));
  expect(message.text).toContain("first build");
});

test("a build that nobody recorded has no report", async () => {
  await expect(composeReport(BUILD, [], OWNER, fakeBook())).rejects.toThrow(`no record of build ${BUILD.id}`);
});
