import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { runOnHost } from "#hosts";
import { builtTree } from "../../../local/rehearsal/host-tree.ts";
import { prepareHosts } from "../../../local/rehearsal/prepared-hosts.ts";
import { setStage } from "../../../local/rehearsal/stage.ts";
import { accessOf } from "../host/on-host.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Files and links of a tree, by their paths, but for what every build has otherwise. */
function filesOf(tree: string): Map<string, string> {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(tree.length), readFileSync(path, "latin1")]));
}

test("a host of an image that ami-build built is one of an imported image", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-built-hosts-"));
  const time = new Date("2026-11-27T05:00:00.000Z");
  const stage = await setStage({ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), folder, time, faults: [] });
  try {
    const hosts = await prepareHosts(stage, {}, "built");
    expect(hosts.map(({ name }) => name)).toEqual(Object.keys(stage.fleet.hosts));
    const { stdout } = await runOnHost(accessOf(stage.fleet, "www", "updates"), {
      command: "",
      timeoutSeconds: 20,
      outputLimitBytes: 100_000,
    });
    expect(stdout).toMatch(/^nightshift-updates 1\n/);
    const image = (await stage.cloud.inventory()).find(
      ({ type, region }) => type === "image" && region === "us-east-1",
    );
    const built = filesOf(stage.cloud.imageTree(image?.id ?? "")?.folder ?? "");
    expect(built).toEqual(filesOf(await builtTree(stage.fleet, "base")));
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
