import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import {
  parseStatus,
  parseUnmount,
  startScript,
  statusScript,
  unmountScript,
} from "../../../../functions/ami/recipe/builder-scripts.ts";
import { type ToyBuilder, toyBuilder } from "./toy-builder.ts";
import { keysFor, recipeOf } from "./variants.ts";

const BUILD = "base-20261123-0400";
const recipe = recipeOf();
const start = startScript(recipe, keysFor(recipe), BUILD);

let builder: ToyBuilder;
afterEach(() => builder.remove());

function status() {
  return parseStatus(builder.run(statusScript(BUILD)).stdout);
}

async function finished() {
  for (let look = 0; look < 200; look += 1) {
    const now = status();
    if (now.state === "finished") return now;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error("provisioning did not finish");
}

const folder = () => join(builder.root, "var/run/nightshift", BUILD);

test("start, ask, finish: the disk is provisioned with the right keys, and a second start does nothing", async () => {
  builder = toyBuilder();
  expect(status()).toEqual({ state: "absent" });
  expect(builder.run(start)).toMatchObject({ status: 0, stdout: "started\n", stderr: "" });
  expect(await finished()).toMatchObject({ exitStatus: 0, step: "done" });
  for (const [path, key] of keysFor(recipe))
    expect(readFileSync(join(builder.root, "mnt", path))).toEqual(key);
  expect(builder.run(start).stdout).toBe("already-started\n");
  expect(builder.calls().filter((call) => call.includes("install -y"))).toHaveLength(1);
  expect(existsSync(join(folder(), "secrets"))).toBe(false);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
});

test("a failure is told with its step and the end of the log", async () => {
  builder = toyBuilder();
  builder.write("toy/broken", "");
  builder.run(start);
  const end = await finished();
  expect(end).toMatchObject({ exitStatus: 1, step: "install packages" });
  expect(end.logTail).toContain("pkg: no route to the repository");
});

test("while it runs it says where it is; when it is killed it counts as finished", async () => {
  builder = toyBuilder();
  builder.write("toy/slow", "");
  builder.run(start);
  let now = status();
  for (let look = 0; look < 100 && !(now.state === "running" && now.step === "install packages"); look += 1) {
    await new Promise((wake) => setTimeout(wake, 20));
    now = status();
  }
  expect(now).toEqual({ state: "running", step: "install packages" });
  const pid = readFileSync(join(folder(), "pid"), "utf8").trim();
  builder.run(`kill -9 ${pid}`);
  expect(await finished()).toMatchObject({ exitStatus: -1, step: "install packages" });
  // The script itself is still there, and ends once its packages come.
  rmSync(join(builder.root, "toy/slow"));
  for (let look = 0; look < 100 && existsSync(join(folder(), "secrets")); look += 1) {
    await new Promise((wake) => setTimeout(wake, 20));
  }
});

test("starters that race provision once", async () => {
  builder = toyBuilder();
  const ends = [start, start, start].map((script) => {
    const child = builder.start(script);
    return new Promise((end) => child.on("close", end));
  });
  await Promise.all(ends);
  expect(await finished()).toMatchObject({ exitStatus: 0 });
  expect(builder.calls().filter((call) => call.includes("install -y"))).toHaveLength(1);
});

test("a second detached process finds the first one's pid, and leaves everything alone", async () => {
  builder = toyBuilder();
  builder.run(start);
  await finished();
  const before = readdirSync(folder());
  builder.run(`sh "${folder()}/run.sh" "${folder()}"`);
  expect(readdirSync(folder())).toEqual(before);
  expect(status()).toMatchObject({ exitStatus: 0 });
});

/** where the starter was cut off, what it left; reason */
const CUT_OFF: readonly [string, string, string][] = [
  [
    "while it wrote",
    'mkdir -p "$d.new.9/secrets"; echo x >"$d.new.9/secrets/MAIL.key"',
    "the folder does not count yet",
  ],
  ["before it started anything", 'mkdir -p "$d"', "filled in below with what the starter wrote"],
];

test.each(CUT_OFF)("a starter that was cut off %s is made up for by the next", async (_where, left) => {
  builder = toyBuilder();
  const prepared = start
    .slice(0, start.lastIndexOf('if [ -e "$work/pid" ]'))
    .concat('}\nmain "$@" </dev/null\n');
  builder.run(left.endsWith('"$d"') ? prepared : `d=$NIGHTSHIFT_ROOT/var/run/nightshift/${BUILD}; ${left}`);
  expect(status()).toEqual({ state: "absent" });
  expect(builder.run(start).stdout).toBe("started\n");
  expect(await finished()).toMatchObject({ exitStatus: 0 });
  expect(readdirSync(join(builder.root, "var/run/nightshift"))).toEqual([BUILD]);
});

test("half a script does nothing at all", () => {
  builder = toyBuilder();
  for (const share of [0.3, 0.6, 0.99]) builder.run(start.slice(0, Math.floor(start.length * share)));
  expect(status()).toEqual({ state: "absent" });
  expect(existsSync(join(builder.root, "var/run"))).toBe(false);
});

test("a key that is missing or of another length is refused before anything is sent", () => {
  builder = toyBuilder();
  const path = "/usr/local/etc/spiped/MAIL.key";
  expect(() => startScript(recipe, new Map(), BUILD)).toThrow(`the key for ${path} must have 32 bytes`);
  expect(() => startScript(recipe, new Map([...keysFor(recipe), [path, Buffer.alloc(31)]]), BUILD)).toThrow(
    RangeError,
  );
});

test("a build id that is more than a name is refused", () => {
  builder = toyBuilder();
  for (const id of ["", "../x", "a b", "$(id)", ".."]) expect(() => statusScript(id)).toThrow(RangeError);
});

const ANSWERS: readonly [string, object, string][] = [
  ["state absent\n", { state: "absent" }, "never started"],
  ["state running\nstep \nlog\n", { state: "running", step: "" }, "before the first step"],
  ["state running\r\nstep a b\r\nlog\r\n", { state: "running", step: "a b" }, "a terminal's line ends"],
  [
    "state finished 3\nstep x\nlog\na\nb\n",
    { state: "finished", exitStatus: 3, step: "x", logTail: "a\nb\n" },
    "failed",
  ],
  [
    "state finished \nstep x\nlog\n",
    { state: "finished", exitStatus: -1, step: "x", logTail: "" },
    "the memory disk was full: the file is there, and empty",
  ],
  ["state finished -1\nstep x\nlog\n", { state: "finished", exitStatus: -1, step: "x", logTail: "" }, "died"],
];

test.each(ANSWERS)("%j is understood", (stdout, expected) => {
  builder = toyBuilder();
  expect(parseStatus(stdout)).toEqual(expected);
});

test("a status for which there was no room on the disk is one of a script that died", () => {
  builder = toyBuilder();
  builder.run(
    `d=$NIGHTSHIFT_ROOT/var/run/nightshift/${BUILD}; mkdir -p "$d"; echo 4194305 >"$d/pid"; echo "==> x" >"$d/log"; : >"$d/status"`,
  );
  expect(status()).toMatchObject({ state: "finished", exitStatus: -1, step: "x" });
});

test("an answer that is none is refused", () => {
  builder = toyBuilder();
  for (const stdout of ["", "state", "sh: not found"]) expect(() => parseStatus(stdout)).toThrow(RangeError);
});

test("unmounting takes the disk off, devices first, and may be repeated", () => {
  builder = toyBuilder();
  builder.write(
    "toy/mounts",
    `/dev/x / ufs rw 1 1\n/dev/y ${builder.root}/mnt ufs rw 0 0\ndevfs ${builder.root}/mnt/dev devfs rw 0 0\n`,
  );
  for (let round = 0; round < 2; round += 1) {
    expect(parseUnmount(builder.run(unmountScript(recipe)).stdout)).toEqual({ mounted: [] });
  }
  expect(builder.calls().filter((call) => call.startsWith("umount"))).toEqual([
    `umount ${builder.root}/mnt/dev`,
    `umount ${builder.root}/mnt`,
  ]);
});

test("what stays mounted is named, whatever umount said", () => {
  builder = toyBuilder();
  builder.write("toy/busy", "");
  expect(parseUnmount(builder.run(unmountScript(recipe)).stdout)).toEqual({ mounted: ["/mnt"] });
  expect(parseUnmount("mounted /mnt\nmounted /mnt/boot/efi\nend\n").mounted).toEqual([
    "/mnt",
    "/mnt/boot/efi",
  ]);
  expect(() => parseUnmount("")).toThrow(RangeError);
});

test("on ZFS the datasets are unmounted and the pool stays", () => {
  builder = toyBuilder();
  builder.run(unmountScript({ filesystem: "zfs" }));
  expect(builder.calls().filter((call) => call.startsWith("zfs"))).toEqual([
    "zfs umount -a",
    "zfs umount zroot/ROOT/default",
  ]);
});
