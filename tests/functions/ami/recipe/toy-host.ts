import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findImage, type ImageSpec, parseFleet } from "#fleet";
import { pipesCommand } from "../../../../functions/ami/recipe/pipes-command.ts";
import { spipedPipes } from "../../../../functions/ami/recipe/spiped-pipes.ts";

const PROJECT = new URL("../../../../", import.meta.url).pathname;
const STAND_INS = join(PROJECT, "local/builder/stand-ins");

/** The shipped image, with the pipes MAIL and PKG (which lead out) and SSH (which lets in). */
export const IMAGE: ImageSpec = findImage(
  parseFleet(readFileSync(join(PROJECT, "fleet.yml"), "utf8"), "fleet.yml"),
  "base",
);

/** A process that holds its port, as spiped does: one that cannot have it ends, and leaves its pid file behind. */
const SPIPED = `#!/bin/sh
# A stand-in for spiped that takes the same flags.
if [ "\${TOY_SPIPED-}" = child ]; then
  while [ $# -gt 0 ]; do
    case $1 in -s) source=$2; shift ;; -t) target=$2; shift ;; -k) key=$2; shift ;; -p) pid=$2; shift ;; esac
    shift
  done
  port=$NIGHTSHIFT_ROOT/ports/\${source##*:}
  owner=$(cat "$port" 2>/dev/null) && case $(ps -o state= -p "$owner") in '' | Z*) ;; *) exit 1 ;; esac
  echo $$ >"$port"
  echo "$source $target $(sha256sum <"$key" | cut -c 1-64)" >"$NIGHTSHIFT_ROOT/ports/of-$$"
  echo $$ >"$pid"
  trap 'exit 0' TERM
  while [ -d "$NIGHTSHIFT_ROOT/ports" ]; do /bin/sleep 0.05; done
  exit 0
fi
for last; do if [ "\${before-}" = -p ]; then pid=$last; fi; before=$last; done
TOY_SPIPED=child "$0" "$@" </dev/null >/dev/null 2>&1 &
# The parent ends when the child listens, or has ended.
child=$!
until [ -e "$NIGHTSHIFT_ROOT/ports/of-$child" ] || ! kill -0 $child 2>/dev/null; do /bin/sleep 0.01; done
[ -e "$NIGHTSHIFT_ROOT/ports/of-$child" ] || echo $child >"$pid"
`;

/** Stands in front of what changes something: counts, and ends the program before the call that it is told. */
const COUNTER = `#!/bin/sh
name=\${0##*/}
number=$(($(cat "$TOY/count") + 1))
echo $number >"$TOY/count"
if [ "$number" = "$TOY_DIE_BEFORE" ]; then kill -9 "$(cat "$TOY/program")"; exit 1; fi
PATH=\${PATH#"$TOY/bin:"}
export PATH
case $name in spiped) exec "$TOY/spiped" "$@" ;; *) exec "$name" "$@" ;; esac
`;

const COUNTED = ["spiped", "mv", "rm", "cp", "sysrc", "sync", "chmod", "ln"];

/** A folder that looks to the program like the host that an image became, with processes that look like spiped. */
export class ToyHost {
  readonly root: string;
  readonly #toy: string;

  constructor(keys: Readonly<Record<string, Buffer>>) {
    this.root = mkdtempSync(join(tmpdir(), "nightshift-pipes-"));
    this.#toy = join(this.root, "toy");
    for (const folder of ["etc", "var/run", "ports", "usr/local/etc/spiped", "toy/bin", "toy/machine"])
      mkdirSync(join(this.root, folder), { recursive: true });
    const settings = spipedPipes(IMAGE).rcSettings ?? [];
    this.#write("etc/rc.conf", settings.map(([key, value]) => `${key}="${value}"\n`).join(""));
    for (const [name, key] of Object.entries(keys))
      this.#write(`usr/local/etc/spiped/${name}.key`, key, 0o400);
    this.#write("toy/spiped", SPIPED, 0o755);
    for (const name of COUNTED) this.#write(`toy/bin/${name}`, COUNTER, 0o755);
    this.#write("toy/bin/sleep", "#!/bin/sh\nexec /bin/sleep 0.01\n", 0o755);
    this.#write("toy/pipes", pipesCommand(IMAGE), 0o755);
    this.#write("toy/count", "0");
  }

  /** Starts what rc.d/spiped would start when the host boots, after ending what ran. */
  boot(): void {
    this.end();
    for (const { name, key, ...entry } of this.entries()) {
      const option = entry.mode === "decrypt" ? "-d" : "-e";
      const pid = join(this.root, `var/run/spiped_${name}.pid`);
      const argv = [option, "-s", entry.source, "-t", entry.target, "-k", join(this.root, key), "-p", pid];
      spawnSync(join(this.#toy, "spiped"), argv, { env: this.#environment(0), stdio: "ignore" });
    }
  }

  /** Runs the program as sshd would. `dieBefore` counts its calls of programs that change something, from 1. */
  run(command: string, input: string | Buffer = "", dieBefore = 0) {
    this.#write("toy/count", "0");
    const script = 'echo $$ >"$TOY/program"; exec /bin/sh "$TOY/pipes"';
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", script], {
      input,
      env: { ...this.#environment(dieBefore), SSH_ORIGINAL_COMMAND: command },
      encoding: "utf8",
    });
    return { status, stdout, stderr, calls: Number(readFileSync(join(this.#toy, "count"), "utf8")) };
  }

  /** Runs the same command so often at the same time, and waits for all. */
  runTogether(command: string, times: number): void {
    const script = `for _ in $(seq ${times}); do /bin/sh "$TOY/pipes" >/dev/null & done; wait`;
    const env = { ...this.#environment(0), SSH_ORIGINAL_COMMAND: command };
    spawnSync("/bin/sh", ["-c", script], { env, stdio: "ignore" });
  }

  /** The entries that are listed in rc.conf, as rc.d/spiped would start them. */
  entries() {
    const value = (name: string) => {
      const script = `. "$1" && eval "printf %s \\"\\\${$2-}\\""`;
      return spawnSync("/bin/sh", ["-c", script, "sh", join(this.root, "etc/rc.conf"), name], {
        encoding: "utf8",
      }).stdout;
    };
    return value("spiped_pipes")
      .split(" ")
      .map((name) => {
        const of = (what: string) => value(`spiped_pipe_${name}_${what}`);
        return {
          name,
          mode: of("mode"),
          source: of("source"),
          target: of("target"),
          key: of("key"),
          flags: of("flags"),
        };
      });
  }

  /** "SOURCE TARGET SHA-256" of each process that holds a port, by its port. */
  listening(): Map<string, string> {
    const found = new Map<string, string>();
    for (const port of readdirSync(join(this.root, "ports")).filter((name) => /^\d+$/.test(name))) {
      const pid = readFileSync(join(this.root, "ports", port), "utf8").trim();
      if (isAlive(pid)) found.set(port, this.#read(`ports/of-${pid}`).trim());
    }
    return found;
  }

  /** Files in the folder of keys, with their content. */
  keys(): Map<string, Buffer> {
    const folder = join(this.root, "usr/local/etc/spiped");
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  }

  rcConf(): string {
    return this.#read("etc/rc.conf");
  }

  pidOf(entry: string): string {
    const file = `var/run/spiped_${entry}.pid`;
    return existsSync(join(this.root, file)) ? this.#read(file).trim() : "";
  }

  /** Ends one process, by force, and waits until it has ended. */
  kill(entry: string): void {
    const pid = this.pidOf(entry);
    process.kill(Number(pid), "SIGKILL");
    while (isAlive(pid)) spawnSync("/bin/sleep", ["0.01"]);
  }

  /** Ends the processes of this host, which are known by their files. */
  end(): void {
    for (const port of this.listening().keys()) process.kill(Number(this.#read(`ports/${port}`)), "SIGKILL");
    for (const name of readdirSync(join(this.root, "ports"))) rmSync(join(this.root, "ports", name));
    rmSync(join(this.root, "var/run"), { recursive: true });
    mkdirSync(join(this.root, "var/run"));
  }

  close(): void {
    this.end();
    rmSync(this.root, { recursive: true, force: true });
  }

  #environment(dieBefore: number): NodeJS.ProcessEnv {
    return {
      PATH: `${join(this.#toy, "bin")}:${STAND_INS}:/usr/bin:/bin`,
      USER: "root",
      NIGHTSHIFT_ROOT: this.root,
      NIGHTSHIFT_MACHINE: join(this.#toy, "machine"),
      TOY: this.#toy,
      TOY_DIE_BEFORE: String(dieBefore),
    };
  }

  #write(path: string, content: string | Buffer, mode = 0o644): void {
    writeFileSync(join(this.root, path), content);
    chmodSync(join(this.root, path), mode);
  }

  #read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }
}

/** A process that has ended counts as that, whether or not somebody has heard of it. */
function isAlive(pid: string): boolean {
  return /^[^Z]/.test(spawnSync("ps", ["-o", "state=", "-p", pid], { encoding: "utf8" }).stdout);
}
