import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A folder that looks enough like a builder for the recipe's scripts to run in it: a clean disk at mnt/, and toys in
 * place of FreeBSD's commands, which note that they were called. The rehearsal cloud has the careful ones.
 */
export interface ToyBuilder {
  readonly root: string;
  run(script: string, ...words: string[]): { status: number | null; stdout: string; stderr: string };
  /** Starts a script that reads from standard input, without waiting for it. */
  start(script: string): ChildProcess;
  write(path: string, content: string | Buffer, mode?: number): void;
  /** Path, kind, mode and content of everything on the disk. */
  tree(): string[];
  calls(): string[];
  remove(): void;
}

const TOYS: Readonly<Record<string, string>> = {
  mount:
    'case $1 in -p) cat "$toy/mounts";; *) echo "devfs $4 devfs rw 0 0" >>"$toy/mounts"; touch "$4/null";; esac',
  umount: `grep -v " $1 " "$toy/mounts" >"$toy/mounts.new"; [ -e "$toy/busy" ] && { echo busy >&2; exit 1; }
case $1 in */dev) rm -f "$1/null";; esac; mv "$toy/mounts.new" "$toy/mounts"`,
  pkg: `case "$*" in
*"install -y"*) [ -e "$toy/broken" ] && { echo 'pkg: no route to the repository' >&2; exit 1; }
  while [ -e "$toy/slow" ]; do sleep 0.02; done
  for f in usr/local/bin/spiped usr/local/bin/dnscache var/qmail/bin/sendmail usr/local/etc/rc.d/svscan \\
    usr/local/etc/rc.d/spiped usr/local/etc/rc.d/qmailsend; do
    mkdir -p "$mnt/\${f%/*}"; echo '#!/bin/sh' >"$mnt/$f"; chmod 755 "$mnt/$f"
  done; mkdir -p "$mnt/var/cache/pkg" "$mnt/var/db/pkg/repos/cluster"; touch "$mnt/var/cache/pkg/x.pkg" "$mnt/var/db/pkg/repos/cluster/db";;
*clean*) rm -f "$mnt"/var/cache/pkg/*;;
*query*) echo spiped 1.6.4; echo djbdns 1.05_28,1;;
*"info -e tarsnap"*) [ ! -e "$toy/lacking" ];;
*"check -daq"*) [ ! -e "$toy/lacking" ] || echo 'tarsnap has a missing dependency: x';;
esac`,
  sysrc: `shift 2; for pair; do grep -v "^\${pair%%=*}=" "$mnt/etc/rc.conf" >"$toy/rc"
printf '%s="%s"\\n' "\${pair%%=*}" "\${pair#*=}" >>"$toy/rc"; cat "$toy/rc" >"$mnt/etc/rc.conf"; done`,
  pw: 'case $3 in *show) grep -q " $5 " "$mnt/etc/accounts.$3";; groupadd) echo " $5 " >>"$mnt/etc/accounts.groupshow";; useradd) echo " $5 " >>"$mnt/etc/accounts.usershow";; esac',
  chown: ":",
  "freebsd-update": ":",
  "freebsd-version": 'cat "$toy/version"',
  zfs: ":",
  sync: ":",
};

/** Makes a toy builder with a fresh disk of a release. */
export function toyBuilder(release = "15.1"): ToyBuilder {
  const root = mkdtempSync(join(tmpdir(), "nightshift-toy-"));
  const toy = join(root, "toy");
  const write = (path: string, content: string | Buffer, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  };
  for (const [name, body] of Object.entries(TOYS)) {
    const prelude = `#!/bin/sh\ntoy=${toy} mnt=${root}/mnt\necho "${name} $*" >>"$toy/calls"\n`;
    write(`toy/bin/${name}`, `${prelude}${body}\n`, 0o755);
  }
  const disk = {
    firstboot: "",
    "etc/rc.conf": 'growfs_enable="YES"\nsyslogd_flags="-s"\n',
    "etc/pkg/FreeBSD.conf": tags(release),
  };
  for (const [path, content] of Object.entries(disk)) write(`mnt/${path}`, content);
  for (const list of ["usershow", "groupshow"]) write(`mnt/etc/accounts.${list}`, "");
  for (const path of ["mnt/dev", "mnt/etc/ssh", "mnt/root", "etc"])
    mkdirSync(join(root, path), { recursive: true });
  write("etc/resolv.conf", "nameserver 10.0.0.2\n");
  write("toy/version", `${release}-RELEASE-p2\n`);
  write("toy/mounts", `/dev/md0p4 / ufs rw 1 1\n/dev/gpt/rootfs ${root}/mnt ufs rw 0 0\n`);
  const env = { NIGHTSHIFT_ROOT: root, PATH: `${toy}/bin:${process.env.PATH ?? ""}` };
  return {
    root,
    write,
    run: (script, ...words) => spawnSync("sh", ["-s", ...words], { input: script, env, encoding: "utf8" }),
    start: (script) => {
      const child = spawn("sh", ["-s"], { env, stdio: ["pipe", "ignore", "ignore"] });
      child.stdin?.end(script);
      return child;
    },
    tree: () => treeOf(join(root, "mnt")),
    calls: () => readFileSync(join(toy, "calls"), "utf8").trim().split("\n"),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function tags(release: string): string {
  const names = release.startsWith("14")
    ? ["FreeBSD", "FreeBSD-kmods"]
    : ["FreeBSD-ports", "FreeBSD-ports-kmods", "FreeBSD-base"];
  return names.map((name) => `${name}: {\n  enabled: yes\n}\n`).join("");
}

function treeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length);
      if (entry.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      const mode = (statSync(path).mode & 0o7777).toString(8);
      return entry.isDirectory() ? `${name}/ ${mode}` : `${name} ${mode} ${readFileSync(path, "base64")}`;
    })
    .sort();
}
