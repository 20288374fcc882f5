import { BUILD_REPOSITORIES } from "./package-repositories.ts";
import type { RecipeAccount, RecipeFile, RecipeFolder, RecipeLink, RecipeSecret } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";
import { commandLine, MOUNTED_FUNCTION, quote, script, withInput } from "./shell-text.ts";

/** What the script puts on the disk. */
export interface Provisions {
  readonly release: string;
  readonly packages: readonly string[];
  readonly buildRepository: RecipeFile | undefined;
  readonly repositoryFolders: readonly RecipeFolder[];
  readonly repositoryFiles: readonly RecipeFile[];
  readonly accounts: readonly RecipeAccount[];
  readonly folders: readonly RecipeFolder[];
  readonly files: readonly RecipeFile[];
  readonly links: readonly RecipeLink[];
  readonly rcSettings: readonly (readonly [string, string])[];
  readonly secrets: readonly RecipeSecret[];
}

/**
 * The script that turns the clean disk on /mnt into the product; runs on the builder as root, once. Its argument is
 * the folder of the keys, each under the name of its file. A second run over a half-done disk gives the same tree.
 */
export function provisionScript(provisions: Provisions): string {
  return script("-eu", FUNCTIONS, [
    ...PREPARE(provisions.release),
    ...packages(provisions),
    ...files(provisions),
    ...rcSettings(provisions.rcSettings),
    ...secrets(provisions.secrets),
    ...CLEAN_UP,
  ]);
}

const FUNCTIONS = `mnt=$root/mnt
secrets=\${1:?folder of the keys}

step() { echo "==> $*"; }
fail() { echo "$*" >&2; exit 1; }

${MOUNTED_FUNCTION}
# Whatever happens, no key stays behind on the builder and no device on the disk.
finish() {
  rm -rf "$secrets"
  if mounted /dev; then umount "$mnt/dev"; fi
}

# put MODE OWNER PATH: a file on the disk, from standard input. A new one, so that no old mode or link survives.
put() {
  [ -d "$mnt\${3%/*}" ] || mkdir -p "$mnt\${3%/*}"
  if [ -e "$mnt$3" ] || [ -L "$mnt$3" ]; then rm -f "$mnt$3"; fi
  cat >"$mnt$3"
  chown "$2" "$mnt$3"
  chmod "$1" "$mnt$3"
}

# folder MODE OWNER PATH
folder() {
  mkdir -p "$mnt$3"
  chown "$2" "$mnt$3"
  chmod "$1" "$mnt$3"
}

# account NAME NUMBER COMMENT: group and user of a daemon. pw(8) works on the disk's own lists.
account() {
  pw -R "$mnt" groupshow -n "$1" >/dev/null 2>&1 || pw -R "$mnt" groupadd -n "$1" -g "$2"
  pw -R "$mnt" usershow -n "$1" >/dev/null 2>&1 ||
    pw -R "$mnt" useradd -n "$1" -u "$2" -g "$1" -c "$3" -d /nonexistent -s /usr/sbin/nologin
}

# link TARGET PATH
link() {
  mkdir -p "$mnt\${2%/*}"
  rm -f "$mnt$2"
  ln -s "$1" "$mnt$2"
}

# key MODE PATH: a pipe's key.
key() {
  from=$secrets/\${2##*/}
  [ -f "$from" ] || fail "no key for $2"
  bytes=$(($(wc -c <"$from")))
  [ $bytes -eq 32 ] || fail "the key for $2 has $bytes bytes, not 32"
  rm -f "$mnt$2"
  (umask 077 && cp "$from" "$mnt$2")
  chown root:wheel "$mnt$2"
  chmod "$1" "$mnt$2"
}
`;

function PREPARE(release: string): string[] {
  return [
    "umask 022",
    "trap finish EXIT",
    "trap 'exit 129' HUP",
    "trap 'exit 130' INT",
    "trap 'exit 143' TERM",
    "",
    "step look at the disk",
    "mounted '' || fail 'nothing is mounted at /mnt'",
    `[ -e "$mnt/firstboot" ] || fail 'the disk has booted before: there is no /firstboot on it'`,
    "case $(freebsd-version) in",
    `${release}-*) ;;`,
    `*) fail "this builder is of FreeBSD $(freebsd-version), the image of ${release}" ;;`,
    "esac",
    "",
    "step mount devices",
    `mounted /dev || mount -t devfs devfs "$mnt/dev"`,
    "# Names are resolved as on the builder while packages are installed.",
    `if [ -f "$root/etc/resolv.conf" ]; then`,
    `  rm -f "$mnt/etc/resolv.conf"`,
    `  cp "$root/etc/resolv.conf" "$mnt/etc/resolv.conf"`,
    "fi",
    "",
  ];
}

function packages(provisions: Provisions): string[] {
  const { release, buildRepository, packages: names } = provisions;
  const repositories = buildRepository === undefined ? [] : ["-o", `REPOS_DIR=${BUILD_REPOSITORIES}`];
  return [
    "step prepare the package manager",
    "pkg -N >/dev/null 2>&1 || pkg bootstrap -y",
    ...provisions.repositoryFolders.map(folderLine),
    ...provisions.repositoryFiles.map(fileLines),
    "",
    "step patch FreeBSD",
    majorVersion(release) >= 15
      ? 'pkg -c "$mnt" upgrade -y -r FreeBSD-base'
      : `env PAGER=cat freebsd-update -b "$mnt" --currently-running ${release}-RELEASE --not-running-from-cron fetch install`,
    "",
    "step install packages",
    ...(buildRepository === undefined ? [] : [fileLines(buildRepository)]),
    ...(names.length === 0
      ? []
      : [`${commandLine("pkg", ...repositories)} -c "$mnt" install -y ${commandLine(...names)}`]),
    "",
  ];
}

function files({ accounts, folders, files, links }: Provisions): string[] {
  return [
    "step write files",
    ...accounts.map(({ name, id, comment }) => commandLine("account", name, String(id), comment)),
    ...folders.map(folderLine),
    ...files.map(fileLines),
    ...links.map(({ target, path }) => commandLine("link", target, path)),
    "",
  ];
}

function folderLine({ mode, owner, path }: RecipeFolder): string {
  return commandLine("folder", mode, owner, path);
}

function fileLines({ mode, owner, path, content }: RecipeFile): string {
  return withInput(commandLine("put", mode, owner, path), content);
}

function rcSettings(settings: Provisions["rcSettings"]): string[] {
  if (settings.length === 0) return [];
  const words = settings.map(([key, value]) => quote(`${key}=${value}`));
  return ["step set rc.conf", `sysrc -R "$mnt" \\\n  ${words.join(" \\\n  ")}`, ""];
}

function secrets(wanted: readonly RecipeSecret[]): string[] {
  return ["step write pipe keys", ...wanted.map(({ mode, path }) => commandLine("key", mode, path)), ""];
}

const CLEAN_UP = [
  "step clean up",
  'pkg -c "$mnt" clean -ay',
  "# The catalogues came from the builder's side of the repository; hosts fetch their own.",
  `rm -rf "$mnt${BUILD_REPOSITORIES}" "$mnt/var/db/pkg/repos"`,
  "finish",
  "step 'done'",
];
