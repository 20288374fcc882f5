import { afterEach, expect, it } from "@jest/globals";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";
import { type Laptop, openLaptop } from "./laptop.ts";

const HOUR = 3_600_000;
const SIX_HOURS = 6 * HOUR;

let laptop: Laptop;
afterEach(() => laptop.close());

it("a run whose process was killed is taken up by the next one, on the same builder", async () => {
  laptop = await openLaptop();
  await laptop.buildAndDieAt("WaitForBoot");
  expect(await laptop.run()).toMatchObject({ status: "SUCCEEDED" });
  const { cloud } = laptop.stage;
  expect(leftoversOf(await cloud.inventory())).toEqual([]);
  expect(cloud.mails()).toHaveLength(1);
  const launches = cloud.calls().filter(({ operation, error }) => operation === "RunInstances" && !error);
  expect(launches).toHaveLength(1);
});

it("what a killed run left is removed by the reaper, from the laptop as well", async () => {
  laptop = await openLaptop();
  await laptop.buildAndDieAt("WaitForBoot");
  const { stage } = laptop;
  const left = async () => leftoversOf(await stage.cloud.inventory()).map(({ type }) => type);
  expect(await left()).toContain("instance");
  await stage.clock.sleep(SIX_HOURS);
  expect(await reap()).toMatchObject({ status: "SUCCEEDED" });
  // What hangs on the instance can go only once it is gone: an hour later, as on AWS.
  await stage.clock.sleep(HOUR);
  expect(await reap()).toMatchObject({ status: "SUCCEEDED" });
  expect(await left()).toEqual([]);
});

function reap() {
  const time = laptop.stage.clock.now().toISOString();
  return laptop.run({ machine: "ami-reap", name: `reap-${time.replaceAll(/[:.]/g, "-")}`, input: { time } });
}
