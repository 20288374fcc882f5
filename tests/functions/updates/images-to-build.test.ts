import { expect, test } from "@jest/globals";
import { factsOfHost } from "../../../functions/updates/host-facts.ts";
import { imagesToBuild } from "../../../functions/updates/images-to-build.ts";
import { compareFacts } from "../../../functions/updates/news.ts";
import { factsOfRelease } from "../../../functions/updates/release-facts.ts";
import { fleetOf } from "./fakes/fake-world.ts";
import { checked, ofRelease, upgrade } from "./fakes/sample-records.ts";

const FLEET = fleetOf(["www"]);
const NONE: ReadonlySet<string> = new Set();
const packages = (...changes: ReturnType<typeof upgrade>[]) => ({
  packages: { value: { changes, notes: [] } },
});

/** The image `base` holds pkg, djbdns, qmail, spiped and tarsnap, of 15.1 for amd64. */
const cases: [
  why: string,
  host: object,
  patchLevel: number,
  release: string,
  told: string[],
  images: string[],
][] = [
  ["nothing is new", {}, 0, "15.1", [], []],
  ["a package of the image has a newer version", packages(upgrade("qmail", "2")), 0, "15.1", [], ["base"]],
  ["that was told before", packages(upgrade("qmail", "2")), 0, "15.1", ["upgrade/qmail/2"], []],
  ["a package that only this host has", packages(upgrade("nginx", "2")), 0, "15.1", [], []],
  ["a package would be removed", packages(upgrade("qmail", "", { action: "remove" })), 0, "15.1", [], []],
  [
    "a package would be built against another library",
    packages(upgrade("qmail", "1.0", { action: "reinstall" })),
    0,
    "15.1",
    [],
    [],
  ],
  [
    "a vulnerable package without a newer version",
    { vulnerable: { value: [{ name: "qmail", version: "1", issues: [] }] } },
    0,
    "15.1",
    [],
    [],
  ],
  ["the release has a newer patch", {}, 3, "15.1", [], ["base"]],
  ["which was told before", {}, 3, "15.1", ["patch/3"], []],
  ["another release has one", {}, 3, "14.3", [], []],
];

test.each(cases)("%s", (_why, host, patchLevel, release, told, images) => {
  const keys = new Set(told);
  const record = ofRelease({ patchLevel: { value: patchLevel } }, release);
  const news = {
    hosts: [compareFacts("www", factsOfHost(checked("www", host)), keys)],
    releases: [compareFacts(`${release} amd64`, factsOfRelease(record, 60), keys)],
  };
  expect(imagesToBuild(news, FLEET)).toEqual(images);
});

test("a host that is no more in the fleet says nothing about images", () => {
  const facts = factsOfHost(checked("gone", packages(upgrade("qmail", "2"))));
  expect(imagesToBuild({ hosts: [compareFacts("gone", facts, NONE)], releases: [] }, FLEET)).toEqual([]);
});
