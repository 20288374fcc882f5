import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import type { MachineSpec } from "../../../local/builder/contract.ts";
import { Disk } from "../../../local/builder/disk.ts";
import { machineEnvironment } from "../../../local/builder/environment.ts";
import { mountsAfterBoot, writeMounts } from "../../../local/builder/mount-table.ts";
import { BUILDER } from "./test-machine.ts";

/** What a booted builder has on its disks, to run the stand-ins on without SSH and without time. */
export interface LaidOutMachine {
  readonly folder: string;
  /** Runs a shell command in the machine's root, as root unless said otherwise. */
  sh(command: string, user?: "root" | "ec2-user"): { status: number | null; stdout: string; stderr: string };
  /** Paths are those of the machine. */
  read(path: string): string;
  write(path: string, text: string): void;
  exists(path: string): boolean;
  remove(): void;
}

/** Builders that were laid out once, to be copied for every test: that takes a third of the time. */
const patterns = new Map<string, string>();
afterAll(() => {
  for (const folder of patterns.values()) rmSync(folder, { recursive: true, force: true });
});

async function patternOf(image: MachineSpec["image"]): Promise<string> {
  const known = patterns.get(JSON.stringify(image));
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), "nightshift-pattern-"));
  patterns.set(JSON.stringify(image), folder);
  await new Disk(folder, image).layOut();
  await writeMounts(folder, mountsAfterBoot(image));
  writeFileSync(join(folder, "arch"), `${image.arch}\n`);
  writeFileSync(join(folder, "owners"), "");
  return folder;
}

/** Lays out a builder of 15.1 with UFS, but for the changes. */
export async function layOutMachine(changes: Partial<MachineSpec["image"]> = {}): Promise<LaidOutMachine> {
  const pattern = await patternOf({ ...BUILDER, ...changes });
  const folder = mkdtempSync(join(tmpdir(), "nightshift-laid-out-"));
  execFileSync("cp", ["-Rp", `${pattern}/.`, folder]);
  const root = join(folder, "root");
  return {
    folder,
    sh: (command, user = "root") => {
      const env = { ...machineEnvironment(folder, root), USER: user, mnt: join(root, "mnt"), root };
      const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", command], {
        cwd: root,
        env,
        encoding: "utf8",
      });
      return { status, stdout, stderr };
    },
    read: (path) => readFileSync(join(root, path), "utf8"),
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    exists: (path) => existsSync(join(root, path)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A row of a table: what is said to the machine, and what must come back. Texts are parts of the outputs. */
export type Row = readonly [
  why: string,
  command: string,
  expected: {
    readonly status?: number;
    readonly stdout?: string | RegExp;
    readonly stderr?: string | RegExp;
    readonly user?: "ec2-user";
  },
];

/** One test for each row, on the machine that stands there then. */
export function holds(machine: () => LaidOutMachine, rows: readonly Row[]): void {
  test.each(rows)("%s: %s", (_why, command, { status = 0, stdout = "", stderr = "", user }) => {
    const answer = machine().sh(command, user);
    expect(answer).toMatchObject({ status });
    for (const [got, wanted] of [
      [answer.stdout, stdout],
      [answer.stderr, stderr],
    ] as const) {
      if (typeof wanted === "string") expect(got).toBe(wanted);
      else expect(got).toMatch(wanted);
    }
  });
}
