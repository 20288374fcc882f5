import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import {
  parseInspection,
  parsePackages,
  parseStatus,
  parseUnmount,
  startScript,
  statusScript,
  unmountScript,
} from "../../../functions/ami/recipe/builder-scripts.ts";
import { inspectTree } from "../../../local/builder/inspect-tree.ts";
import { keysFor, recipeOf } from "../../functions/ami/recipe/variants.ts";
import { BUILDER, bootedMachine, type TestMachine } from "./test-machine.ts";

const ROOT = "su -m root -c 'exec /bin/sh -s'";

/** Starts provisioning and looks every twenty seconds, as the state machine does. */
async function provision(it: TestMachine, recipe: ReturnType<typeof recipeOf>) {
  expect(await it.ssh(ROOT, startScript(recipe, keysFor(recipe), "base-1"))).toMatchObject({
    stdout: "started\n",
  });
  for (;;) {
    await it.clock.sleep(20_000);
    const status = parseStatus((await it.ssh(ROOT, statusScript("base-1"))).stdout);
    if (status.state !== "running") return status;
  }
}

test.each([
  ["14.3", "ufs"],
  ["15.1", "zfs"],
] as const)("the recipe's own scripts make an image of FreeBSD %s on %s", async (release, filesystem) => {
  const recipe = recipeOf({ release, filesystem });
  const it = await bootedMachine({ image: { ...BUILDER, release, filesystem } });
  const target = mkdtempSync(join(tmpdir(), "nightshift-captured-"));

  expect(await provision(it, recipe)).toMatchObject({ state: "finished", exitStatus: 0, step: "done" });
  const inspection = (await it.ssh(ROOT, recipe.inspectScript)).stdout;
  expect(parseInspection(recipe, inspection).filter(({ holds }) => !holds)).toEqual([]);
  expect(parsePackages(inspection).map(({ name }) => name)).toEqual(
    expect.arrayContaining([...recipe.packages]),
  );
  const { stdout, stderr } = await it.ssh(ROOT, unmountScript(recipe));
  expect({ ...parseUnmount(stdout), stderr }).toEqual({ mounted: [], stderr: "" });

  expect(await it.machine.captureDisk(target)).toEqual({ problems: [] });
  const kept = parseInspection(recipe, await inspectTree(target, recipe.inspectScript));
  expect(kept.filter(({ holds }) => !holds)).toEqual([]);
  await it.remove();
  rmSync(target, { recursive: true, force: true });
});

test("provisioning fails where the packages cannot be reached, and says so", async () => {
  const it = await bootedMachine({ faults: { packagesUnreachable: true } });
  const status = await provision(it, recipeOf());
  expect(status).toMatchObject({ state: "finished", exitStatus: 1, step: "patch FreeBSD" });
  expect(status).toHaveProperty("logTail", expect.stringContaining("Could not connect to server"));
  await it.remove();
});

test("an inspection of a tree that is not there fails", async () => {
  await expect(inspectTree("/nonexistent", "exit 3")).rejects.toThrow("the inspection ended with status 3");
});
