import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { type Fleet, findImage, parseFleet } from "#fleet";
import { compileRecipe, type ImageRecipe } from "../../../../functions/ami/recipe/image-recipe.ts";

const SHIPPED = new URL("../../../../fleet.yml", import.meta.url);
const { updates, tunnels, ...rest } = parseFleet(readFileSync(SHIPPED, "utf8"), "fleet.yml");
if (updates === undefined || tunnels === undefined) throw new Error("fleet.yml has lost its errands");

const recipeOf = (errands: Partial<Fleet>): ImageRecipe => {
  const fleet = { ...rest, ...errands };
  return compileRecipe(findImage(fleet, "base"), fleet, "base");
};
const keysOf = ({ files }: ImageRecipe) => files.find(({ path }) => path === "/root/.ssh/authorized_keys");
const linesOf = (recipe: ImageRecipe) => (keysOf(recipe)?.content.split("\n") ?? []).slice(1, -1);
const flagsOf = ({ rcSettings }: ImageRecipe) => rcSettings.find(([key]) => key === "sshd_flags")?.[1];
const namesOf = ({ files }: ImageRecipe) => files.map(({ path }) => path);
const checkOf = ({ checks }: ImageRecipe, name: string) => checks.find((check) => check.name === name)?.shell;

const UPDATES = "/usr/local/libexec/nightshift/updates";
const PIPES = "/usr/local/libexec/nightshift/pipes";
const UPDATES_LINE = `restrict,command="${UPDATES}" ${updates.publicKey} nightshift-updates`;
const PIPES_LINE = `restrict,command="${PIPES}" ${tunnels.publicKey} nightshift-pipes`;

describe("how nightshift's functions get into a host", () => {
  it.each([
    ["both errands", { updates, tunnels }, [UPDATES_LINE, PIPES_LINE]],
    ["the check alone", { updates }, [UPDATES_LINE]],
    ["the rotation alone", { tunnels }, [PIPES_LINE]],
  ])("%s: each key may run its own program and nothing else", (_, errands, lines) => {
    expect(linesOf(recipeOf(errands))).toEqual(lines);
  });

  it("root's keys, and the programs that they run, are root's alone", () => {
    const modes = recipeOf({ updates, tunnels }).files.map(({ path, mode, owner }) => [path, mode, owner]);
    expect(modes).toEqual(
      expect.arrayContaining([
        [UPDATES, "0700", "root:wheel"],
        [PIPES, "0700", "root:wheel"],
        ["/root/.ssh/authorized_keys", "0600", "root:wheel"],
      ]),
    );
    const folders = recipeOf({ updates }).folders.map(({ path, mode }) => [path, mode]);
    expect(folders).toContainEqual(["/root/.ssh", "0700"]);
  });

  it("sshd lets root in for such commands only, besides what the fleet says of it", () => {
    expect(flagsOf(recipeOf({ updates }))).toBe(
      "-4 -o ListenAddress=127.0.0.1 -o PermitRootLogin=forced-commands-only",
    );
  });

  it("without an errand nothing of it is there, and the hosts look for updates by themselves", () => {
    const recipe = recipeOf({});
    expect([keysOf(recipe), namesOf(recipe).filter((path) => path.includes("libexec"))]).toEqual([
      undefined,
      [],
    ]);
    expect(flagsOf(recipe)).toBe("-4 -o ListenAddress=127.0.0.1");
    expect(namesOf(recipe)).toContain("/etc/cron.d/nightshift-updates");
  });

  it("with the check, hosts no longer mail by themselves", () => {
    expect(namesOf(recipeOf({ updates }))).not.toContain("/etc/cron.d/nightshift-updates");
    expect(namesOf(recipeOf({ tunnels }))).toContain("/etc/cron.d/nightshift-updates");
  });

  it("the inspection allows root these keys and no others", () => {
    const name = "no other way in for root";
    expect(checkOf(recipeOf({ updates }), name)).toBe("none_named 'authorized_keys?*' /root");
    expect(checkOf(recipeOf({}), name)).toBe("none_named 'authorized_keys*' /root");
    expect(checkOf(recipeOf({ updates }), "file /root/.ssh/authorized_keys")).toMatch(
      /^same \/root\/.ssh\/authorized_keys 0600 /,
    );
  });
});
