import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Fleet, findImage } from "#fleet";
import { compileRecipe, type ImageRecipe } from "../../functions/ami/recipe/image-recipe.ts";
import { copyTree } from "../builder/copy-tree.ts";
import { Disk } from "../builder/disk.ts";
import { machineEnvironment } from "../builder/environment.ts";
import { mountsAfterBoot, writeMounts } from "../builder/mount-table.ts";
import { scratchFolder } from "../host/scratch-folder.ts";
import { pipeKeyOf } from "./host-keys-of-fleet.ts";

const trees = new Map<string, Promise<string>>();

/**
 * The tree of an image of the fleet: what the recipe's own provisioning script makes of a fresh disk, without the builder
 * around it. Each is made once in a process, and removed with it. It is shared: copy it, and change nothing.
 * @param fleet with the keys of rehearsed errands
 */
export function builtTree(fleet: Fleet, imageName: string): Promise<string> {
  const recipe = compileRecipe(findImage(fleet, imageName), fleet, imageName);
  const made = trees.get(recipe.hash) ?? buildTree(recipe);
  trees.set(recipe.hash, made);
  return made;
}

async function buildTree(recipe: ImageRecipe): Promise<string> {
  const folder = scratchFolder("image");
  const builder = join(folder, "builder");
  const root = join(builder, "root");
  const { release, arch, filesystem } = recipe;
  const image = { release, arch, filesystem, flavour: "builder" } as const;
  await new Disk(builder, image).layOut();
  await writeMounts(builder, mountsAfterBoot(image));
  writeFileSync(join(builder, "owners"), "");
  writeFileSync(join(builder, "arch"), `${arch}\n`);
  const secrets = join(folder, "secrets");
  mkdirSync(secrets, { mode: 0o700 });
  for (const { path, parameter } of recipe.secrets)
    writeFileSync(join(secrets, basename(path)), Buffer.from(pipeKeyOf(parameter), "base64"));
  await provision(recipe, secrets, { ...machineEnvironment(builder, root), USER: "root" });
  const tree = join(folder, "tree");
  await copyTree([join(root, "mnt")], tree);
  rmSync(builder, { recursive: true, force: true });
  return tree;
}

function provision(recipe: ImageRecipe, secrets: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const shell = spawn("/bin/sh", ["-s", secrets], { env, stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    shell.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    shell.on("error", reject);
    shell.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`the image ${recipe.image} was not built: ${said.slice(-500)}`));
    });
    shell.stdin.on("error", () => undefined); // the shell gave up before it had read all
    shell.stdin.end(recipe.provisionScript);
  });
}
