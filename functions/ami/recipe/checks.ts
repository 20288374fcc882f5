import { cksum } from "./cksum.ts";
import { AUTHORIZED_KEYS } from "./host-access.ts";
import { BUILD_REPOSITORIES } from "./package-repositories.ts";
import type { RecipeCheck, RecipeFile, RecipeFolder, RecipeLink } from "./recipe-part.ts";
import { commandLine } from "./shell-text.ts";

/** What must be true of every image, whatever its recipe: it has not booted, belongs to nobody and is clean. */
const GENERAL: readonly RecipeCheck[] = [
  { name: "first boot is still to come", shell: "there /firstboot" },
  { name: "no SSH host keys", shell: "none_named 'ssh_host_*key*' /etc/ssh" },
  { name: "no authorized keys", shell: "none_named 'authorized_keys*' /home /usr/home" },
  { name: "no shell history", shell: "none_named '.*history' /root /home /usr/home" },
  { name: "no host id", shell: "absent /etc/hostid" },
  { name: "no machine id", shell: "absent /etc/machine-id" },
  { name: "rc.conf parses", shell: "parses /etc/rc.conf" },
  { name: "package cache is empty", shell: "none_named '*' /var/cache/pkg" },
  { name: "packages are complete", shell: "packages_complete" },
  { name: "build repositories are gone", shell: `absent ${BUILD_REPOSITORIES}` },
  { name: "pipe keys are off the builder", shell: "no_secrets_left" },
  { name: "devices are not mounted", shell: "not_mounted /dev" },
];

/** The checks that follow from the parts of a recipe, after the general ones. */
export function derivedChecks(recipe: {
  packages: readonly string[];
  folders: readonly RecipeFolder[];
  files: readonly RecipeFile[];
  links: readonly RecipeLink[];
  rcSettings: readonly (readonly [string, string])[];
  checks: readonly RecipeCheck[];
}): RecipeCheck[] {
  // Root's own may be the recipe's; that it is those and no others is said by the file's check.
  const isOurs = recipe.files.some(({ path }) => path === AUTHORIZED_KEYS);
  const others = isOurs ? "authorized_keys?*" : "authorized_keys*";
  return [
    ...GENERAL,
    { name: "no other way in for root", shell: commandLine("none_named", others, "/root") },
    ...recipe.packages.map((name) => ({ name: `package ${name}`, shell: commandLine("installed", name) })),
    ...recipe.rcSettings.map(([key, value]) => {
      return { name: `rc.conf ${key}`, shell: commandLine("setting", key, value) };
    }),
    ...recipe.folders.map(({ path, mode }) => {
      return { name: `folder ${path}`, shell: commandLine("is_folder", path, mode) };
    }),
    ...recipe.files.map(({ path, mode, content }) => {
      return { name: `file ${path}`, shell: commandLine("same", path, mode, cksum(content)) };
    }),
    ...recipe.links.map(({ path, target }) => {
      return { name: `link ${path}`, shell: commandLine("leads", path, target) };
    }),
    ...recipe.checks,
  ];
}
