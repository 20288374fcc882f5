import type { RecipeSecret } from "./recipe-part.ts";
import { commandLine, quote, script, withInput } from "./shell-text.ts";

/** Folder of one build on the builder, below NIGHTSHIFT_ROOT. */
export function workFolder(buildId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(buildId))
    throw new RangeError(`"${buildId}" cannot name a folder`);
  return `$root/var/run/nightshift/${buildId}`;
}

/**
 * The script that starts provisioning, detached, and prints `started` or `already-started`. It holds the keys, so it
 * must travel on standard input, never as an argument.
 *
 * It may be cut off anywhere and be run again, even twice at once: the work folder appears complete or not at all,
 * and of the detached processes only the one that gets its pid linked does anything.
 * @param secrets values by the path that the recipe gives them.
 */
export function startScript(
  recipe: { readonly provisionScript: string; readonly secrets: readonly RecipeSecret[] },
  secrets: ReadonlyMap<string, Buffer>,
  buildId: string,
): string {
  return script("-eu", `umask 077\nwork=${workFolder(buildId)}\n${FUNCTIONS}`, [
    `if ! [ -d "$work" ]; then`,
    `  mkdir -p "\${work%/*}"`,
    `  new=$work.new.$$`,
    `  rm -rf "$new"`,
    `  mkdir -p "$new/secrets"`,
    withInput('  cat >"$new/run.sh"', RUN),
    withInput('  cat >"$new/provision.sh"', recipe.provisionScript),
    ...recipe.secrets.map((secret) => `  ${secretLine(secret, secrets.get(secret.path))}`),
    "  become_work",
    "fi",
    ...START,
  ]);
}

const FUNCTIONS = `
# Renames the new folder to the work folder, unless somebody was faster: then mv fails, or moves it inside.
become_work() {
  mv "$new" "$work" 2>/dev/null || rm -rf "$new"
  inside=$work/\${new##*/}
  rm -rf "$inside"
}
`;

/** The detached part. A hard link is made whole or not at all, so exactly one process owns the build. */
const RUN = `#!/bin/sh
set -u
work=$1
echo "$$" >"$work/pid.$$"
if ! ln "$work/pid.$$" "$work/pid" 2>/dev/null; then
  rm -f "$work/pid.$$"
  exit 0
fi
code=0
sh "$work/provision.sh" "$work/secrets" >"$work/log" 2>&1 || code=$?
# What a starter left that was cut off while it wrote: it may hold keys.
rm -rf "$work".new.*
echo "$code" >"$work/status.new"
mv "$work/status.new" "$work/status"
`;

const START = [
  `if [ -e "$work/pid" ]; then`,
  "  echo already-started",
  "  return 0",
  "fi",
  `nohup sh "$work/run.sh" "$work" >/dev/null 2>&1 &`,
  "# Wait until it is on its own feet: this shell may be cut off right after it has answered.",
  "tries=0",
  `until [ -e "$work/pid" ]; do`,
  "  tries=$((tries + 1))",
  "  [ $tries -lt 200 ] || { echo 'the detached process did not come up' >&2; return 1; }",
  "  sleep 0.05",
  "done",
  "echo started",
];

function secretLine({ path, bytes }: RecipeSecret, value: Buffer | undefined): string {
  if (value?.length !== bytes) throw new RangeError(`the key for ${path} must have ${bytes} bytes`);
  const name = path.split("/").at(-1) ?? "";
  return `${commandLine("printf", "%s\\n", value.toString("base64"))} | base64 -d >"$new/secrets/"${quote(name)}`;
}
