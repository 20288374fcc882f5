import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const present = spawnSync("shellcheck", ["--version"]).status === 0;
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (!present) console.log("shellcheck is not installed: it does not check the rehearsed machine's programs");

const builder = fileURLToPath(new URL("../../local/builder", import.meta.url));

/** The programs of the stand-ins' folder; what these source is checked with them. */
function standIns(): string[] {
  const folder = join(builder, "stand-ins");
  return readdirSync(folder)
    .filter((name) => !name.endsWith(".sh") && lstatSync(join(folder, name)).isFile())
    .map((name) => join(folder, name));
}

/** The rc scripts that lie on a disk of FreeBSD's, or come with a package. */
function rcScripts(): string[] {
  return ["skeleton", "packages"].flatMap((part) =>
    readdirSync(join(builder, part), { recursive: true, encoding: "utf8" })
      .filter((path) => /\/rc\.d\/[^/]+$/.test(path))
      .map((path) => join(builder, part, path)),
  );
}

const check = present || required ? test : test.skip;

check("shellcheck finds nothing in the stand-ins", () => {
  const options = ["--external-sources", "--check-sourced", "--source-path=SCRIPTDIR"];
  const { status, stdout } = spawnSync("shellcheck", [...options, ...standIns()], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(standIns().length).toBeGreaterThan(15);
});

check("nor in the rc scripts", () => {
  const { status, stdout } = spawnSync("shellcheck", rcScripts(), { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(rcScripts().length).toBeGreaterThan(8);
});
