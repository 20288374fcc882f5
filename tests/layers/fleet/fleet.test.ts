import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { describeFleet, FleetError, findImage, fleetJsonSchema, parseFleet, readFleet } from "#fleet";
import { edited, SHIPPED } from "./fleet-text.ts";

const fleet = parseFleet(SHIPPED, "fleet.yml");
const folder = mkdtempSync(join(tmpdir(), "nightshift-fleet-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the shipped fleet is the article's cluster", () => {
  const base = findImage(fleet, "base");
  expect(base).toMatchObject({ release: "15.1", arch: "amd64", filesystem: "ufs", flavour: "builder" });
  expect(base.packages).toEqual(["pkg", "djbdns", "qmail", "spiped", "tarsnap"]);
  expect(Object.keys(base.pipes)).toEqual(["MAIL", "PKG", "SSH"]);
  expect([fleet.regions, base.copyTo]).toEqual([{ home: "us-east-1", watch: "us-west-2" }, ["us-west-2"]]);
});

test("the committed JSON Schema is the one that the schema generates, and fleet.yml names it", () => {
  // After a change: npm run -s nightshift -- schema >fleet.schema.json
  const committed: unknown = JSON.parse(
    readFileSync(new URL("../../../fleet.schema.json", import.meta.url), "utf8"),
  );
  expect(committed).toEqual(fleetJsonSchema());
  expect(SHIPPED.split("\n")[0]).toBe("# yaml-language-server: $schema=./fleet.schema.json");
});

test("an unknown image is answered with those that there are", () => {
  expect(() => findImage(fleet, "bsae")).toThrow(
    'no image "bsae" in the fleet; there is: base. Did you mean "base"?',
  );
  expect(() => findImage(fleet, "toString")).toThrow(FleetError);
});

test("defaults: instance type by architecture, the VPC's resolver", () => {
  const text = edited("    instanceType: r7i.large", "").replace("arch: amd64", "arch: arm64");
  const image = findImage(
    parseFleet(text.replace("      forwarders: [169.254.169.253]\n", "      {}\n"), "f"),
    "base",
  );
  expect([image.instanceType, image.dnsCache]).toEqual(["r7g.large", { forwarders: ["169.254.169.253"] }]);
});

test("a description names what will be built, and notes what could not be checked", () => {
  const described = describeFleet(parseFleet(edited("r7i.large", "z9.large"), "fleet.yml"));
  for (const part of [
    "15.1 amd64",
    "z9.large (not in our table",
    "us-west-2",
    "pipe SSH",
    "8025",
    "tarsnap",
  ]) {
    expect(described).toContain(part);
  }
  expect(described.split("\n").length).toBeLessThan(48);
});

test("a function reads the JSON form of what was parsed, and the same fleet comes out", () => {
  const file = join(folder, "fleet.json");
  writeFileSync(file, JSON.stringify(fleet));
  expect(readFleet(file)).toEqual(fleet);
});

test("a function refuses a broken file by name", () => {
  const file = join(folder, "broken.json");
  writeFileSync(file, JSON.stringify({ ...fleet, owner: { mail: "nobody" } }));
  expect(() => readFleet(file)).toThrow(/broken\.json: owner\.mail: expected a mail address/);
  expect(() => readFleet(join(folder, "absent.json"))).toThrow(FleetError);
});
