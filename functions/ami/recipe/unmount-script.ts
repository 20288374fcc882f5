import { MOUNTED_FUNCTION, script } from "./shell-text.ts";

/** As mkami(8) of freebsd-src does it (release/tools/mkami.sh), without its pauses: umount(8) waits for the disk. */
const UNMOUNT = {
  ufs: ["sync", `if mounted ''; then umount "$root/mnt" || :; fi`, "sync"],
  // The pool stays imported: an export would be one more thing that can fail, and the product imports it anyway.
  zfs: ["sync", "zfs umount -a || :", "zfs umount zroot/ROOT/default || :", "sync"],
} as const;

/**
 * The script that takes the disk off /mnt. It prints `mounted PATH` for what is still there afterwards and then
 * `end`, so that the table of mounts decides and no exit status has to be believed. Safe to repeat.
 */
export function unmountScript(recipe: { readonly filesystem: "ufs" | "zfs" }): string {
  return script("-u", MOUNTED_FUNCTION, [
    "cd /",
    `if mounted /dev; then umount "$root/mnt/dev" || :; fi`,
    ...UNMOUNT[recipe.filesystem],
    `mount -p | while read -r _ place _; do`,
    `  place=\${place#"$root"}`,
    "  case $place in",
    `  /mnt | /mnt/*) echo "mounted $place" ;;`,
    "  esac",
    "done",
    "echo end",
  ]);
}

/** What is still mounted at or below /mnt. @throws RangeError when the answer broke off. */
export function parseUnmount(stdout: string): { mounted: string[] } {
  const lines = stdout.split(/\r?\n/);
  if (!lines.includes("end")) throw new RangeError("the table of mounts broke off");
  return {
    mounted: lines.flatMap((line) => (line.startsWith("mounted ") ? [line.slice("mounted ".length)] : [])),
  };
}
