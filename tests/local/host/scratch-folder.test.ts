import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { scratchFolder } from "../../../local/host/scratch-folder.ts";

const KIND = "test";

/** A folder such as that process would have made. */
const folderOf = (pid: number) => mkdtempSync(join(tmpdir(), `ns-${KIND}-${pid}-`));

it("is there, and goes when its process is no more and somebody else makes one", () => {
  const { pid: gone } = spawnSync("true");
  const orphan = folderOf(gone);
  const [parents, other] = [folderOf(process.ppid), mkdtempSync(join(tmpdir(), `ns-${KIND}x-${gone}-`))];
  const mine = scratchFolder(KIND);
  expect([mine, parents, other, orphan].map((folder) => existsSync(folder))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  for (const folder of [mine, parents, other]) rmSync(folder, { recursive: true });
});

it("goes with its process, when that ends by itself", () => {
  const file = new URL("../../../local/host/scratch-folder.ts", import.meta.url).href;
  const program = `import { scratchFolder } from "${file}"; console.log(scratchFolder("${KIND}"));`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  expect([status, stdout.startsWith(tmpdir()), existsSync(stdout.trim())]).toEqual([0, true, false]);
});
