import { expect, test } from "@jest/globals";
import { ssmPublishedImages } from "../../../../functions/updates/adapters/ssm-published-images.ts";
import { rehearsedAccount } from "../../monitor/fakes/in-rehearsal.ts";
import { newUpdatesTable } from "../fakes/updates-table.ts";

const account = rehearsedAccount();

test("finds the releases of which FreeBSD publishes images, and no snapshot", async () => {
  const images = ssmPublishedImages(await newUpdatesTable(account()));
  const releases = await images.releases("amd64", "ufs");
  expect(releases).toEqual(expect.arrayContaining(["14.3", "15.0", "15.1"]));
  expect(releases.filter((release) => !/^\d+\.\d+$/.test(release))).toEqual([]);
});

test("of an architecture that FreeBSD publishes nothing of there is none", async () => {
  const images = ssmPublishedImages(await newUpdatesTable(account()));
  expect(await images.releases("riscv64", "ufs")).toEqual([]);
});

test("that SSM does not say is worth another try, and a finding in the end", async () => {
  const settings = await newUpdatesTable(account());
  const { AWS_ENDPOINT_URL: former } = process.env;
  process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:1"; // where nobody listens
  try {
    await expect(ssmPublishedImages(settings).releases("amd64", "ufs")).rejects.toThrow(
      expect.objectContaining({ name: "ServerUnreachableError" }),
    );
  } finally {
    process.env.AWS_ENDPOINT_URL = former;
  }
});
