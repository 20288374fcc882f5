import { describe, expect, test } from "@jest/globals";
import { fleetImage } from "../../../functions/ami/fleet-images.ts";
import type { ShellResult } from "../../../functions/ami/ports.ts";
import {
  checkProvisioning,
  inspectDisk,
  startProvisioning,
  unmountDisk,
} from "../../../functions/ami/provision.ts";
import { fleetWith, pipeKeys } from "./fakes/fake-fleet.ts";
import { fakeSecrets } from "./fakes/fake-parameters.ts";
import { fakeShell } from "./fakes/fake-shell.ts";
import { NOW, STAGE, sampleBuild } from "./fakes/sample-build.ts";

const BUILD = sampleBuild();
const { recipe } = fleetImage(fleetWith(), "base");
const BUILDER = { host: "192.0.2.7", hostKeys: [`SHA256:${"d".repeat(43)}`] };
const VISIT = { stage: STAGE, build: BUILD, builder: BUILDER };
const KEY = { [`/nightshift/test/builds/${BUILD.id}/ssh-key`]: "PRIVATE KEY" };
const LOOK = { attempt: 1, now: NOW, deadlineAt: "2026-11-22T06:00:00Z" };

function ports(answer: Partial<ShellResult> | "unreachable", secrets: Record<string, string> = KEY) {
  return { shell: fakeShell(answer), secrets: fakeSecrets(secrets) };
}

describe("provisioning is started", () => {
  test("over a connection pinned to the console's keys, with the build's own key, in a short command", async () => {
    const { shell, secrets } = ports({ stdout: "started\n" }, { ...KEY, ...pipeKeys() });
    await startProvisioning(VISIT, recipe, { shell, secrets });
    expect(shell.visits).toHaveLength(1);
    expect(shell.visits[0]).toMatchObject({ address: { ...BUILDER, privateKey: "PRIVATE KEY" } });
    expect(shell.visits[0]?.timeoutSeconds).toBeLessThanOrEqual(60);
  });

  test("not without the key parameter: whoever has no key was never let in", async () => {
    await expect(startProvisioning(VISIT, recipe, ports({}, pipeKeys()))).rejects.toThrow(/ssh-key/);
  });

  test("not without every pipe key", async () => {
    const { shell, secrets } = ports({});
    await expect(startProvisioning(VISIT, recipe, { shell, secrets })).rejects.toMatchObject({
      name: "BuildRefusedError",
    });
    expect(shell.visits).toEqual([]);
  });

  const broken: [why: string, answer: Partial<ShellResult> | "unreachable", message: RegExp][] = [
    [
      "su refuses",
      { exitStatus: 1, stderr: "su: Sorry\n" },
      /could not start provisioning: status 1, su: Sorry$/,
    ],
    ["a shell that dies without a word", { exitStatus: -1 }, /status -1, no message/],
    ["a builder that is not there", "unreachable", /refused/],
  ];
  test.each(broken)("worth another try: %s", async (_why, answer, message) => {
    await expect(
      startProvisioning(VISIT, recipe, ports(answer, { ...KEY, ...pipeKeys() })),
    ).rejects.toMatchObject({
      name: "BuilderUnreachableError",
      message: expect.stringMatching(message),
    });
  });
});

describe("how far it is", () => {
  test("running: which step, and when to look again", async () => {
    const progress = await checkProvisioning(
      VISIT,
      LOOK,
      ports({ stdout: "state running\nstep packages\nlog\nx\n" }),
    );
    expect(progress).toEqual({ finished: false, step: "packages", wait: { attempt: 2, seconds: 20 } });
  });

  test("done", async () => {
    const progress = await checkProvisioning(
      VISIT,
      LOOK,
      ports({ stdout: "state finished 0\nstep done\nlog\n" }),
    );
    expect(progress).toEqual({ finished: true, step: "done" });
  });

  const failed: [why: string, stdout: string, message: RegExp][] = [
    [
      "a step failed: it and the end of its log are told",
      "state finished 3\nstep packages\nlog\npkg: no repository\n",
      /failed with status 3 in step "packages": pkg: no repository$/,
    ],
    ["the script was killed", "state finished -1\nstep files\nlog\n", /died in step "files"/],
    ["nobody ever started it", "state absent\n", /never started/],
  ];
  test.each(failed)("%s", async (_why, stdout, message) => {
    await expect(checkProvisioning(VISIT, LOOK, ports({ stdout }))).rejects.toMatchObject({
      name: "ProvisioningFailedError",
      message: expect.stringMatching(message),
    });
  });

  test("it runs for ever: given up by name", async () => {
    const answer = { stdout: "state running\nstep packages\nlog\n" };
    await expect(checkProvisioning(VISIT, { ...LOOK, attempt: 135 }, ports(answer))).rejects.toMatchObject({
      name: "WaitedTooLongError",
      message: expect.stringContaining("the provisioning script"),
    });
  });
});

describe("the disk", () => {
  const names = recipe.checks.map(({ name }) => name);
  const [first = "", second = ""] = names;
  const answer = (...lines: string[]) => ({ stdout: `${lines.join("\n")}\n` });
  const allOk = names.map((name) => `ok ${name}`);

  test("is what the recipe says: its packages are listed by name", async () => {
    const packages = ["package spiped 1.6.4", "package pkg 2.4"];
    expect(await inspectDisk(VISIT, recipe, ports(answer(...allOk, ...packages)))).toEqual([
      { name: "pkg", version: "2.4" },
      { name: "spiped", version: "1.6.4" },
    ]);
  });

  test("is not: every check that failed is named, and no other", async () => {
    const rest = allOk.slice(2);
    const failing = inspectDisk(VISIT, recipe, ports(answer(`not ok ${first}: it is missing`, ...rest)));
    await expect(failing).rejects.toMatchObject({ name: "InspectionFailedError" });
    const message = await failing.then(String, (error: Error) => error.message);
    expect(message).toContain(`${first} (it is missing); ${second} (the inspection did not get to it)`);
    expect(message.split(";")).toHaveLength(2);
  });

  test("an inspection that said nothing proves nothing", async () => {
    await expect(inspectDisk(VISIT, recipe, ports(answer()))).rejects.toMatchObject({
      name: "InspectionFailedError",
    });
  });
});

describe("unmounting", () => {
  test("is proved by an empty table of mounts", async () => {
    await expect(unmountDisk(VISIT, recipe, ports({ stdout: "end\n" }))).resolves.toBeUndefined();
  });

  test("fails while anything is mounted there, and names it", async () => {
    const stdout = "mounted /mnt\nmounted /mnt/dev\nend\n";
    await expect(unmountDisk(VISIT, recipe, ports({ stdout }))).rejects.toMatchObject({
      name: "DiskStillMountedError",
      message: "still mounted: /mnt, /mnt/dev",
    });
  });

  test("an answer that broke off is no proof", async () => {
    await expect(unmountDisk(VISIT, recipe, ports({ stdout: "" }))).rejects.toThrow("broke off");
  });
});
