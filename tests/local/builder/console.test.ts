import { describe, expect, test } from "@jest/globals";
import { parseHostKeys } from "../../../functions/ami/host-key-block.ts";
import { bootTimeline } from "../../../local/builder/boot-timeline.ts";
import { bootLines, consoleText } from "../../../local/builder/console.ts";
import { shortHostKeys } from "../../../local/builder/host-keys.ts";
import { BUILDER } from "./test-machine.ts";

const keys = shortHostKeys();
const timeline = bootTimeline(BUILDER, 100);
const lines = bootLines(BUILDER, timeline, keys);
const { copyingSeconds = 0, rerootSeconds = 0, installingSeconds = 0 } = timeline.builder ?? {};
const at = (seconds: number) => consoleText(lines, seconds);

describe("the console of a builder", () => {
  test.each([
    [0, "Loading kernel...", "---<<BOOT>>---", "the loader comes before the kernel"],
    [timeline.kernelSeconds, "FreeBSD 15.1-RELEASE GENERIC amd64", "Copying", "the kernel says what it is"],
    [copyingSeconds, "Copying FreeBSD into memory disk...", "Rebooting into", "pass 1"],
    [rerootSeconds, "Rebooting into memory disk...", "Installing base", "the reroot"],
    [installingSeconds, "Installing base FreeBSD image...", "Setting hostname", "pass 2"],
    [
      timeline.rcSeconds + 10,
      "Fetching SSH public key",
      "Starting sshd.",
      "rc starts after the disk is written",
    ],
    [timeline.sshdSeconds, "Starting sshd.", "SSH HOST KEY", "sshd is up before its keys are shown"],
    [
      timeline.hostKeysSeconds,
      "-----END SSH HOST KEY FINGERPRINTS-----",
      "never printed",
      "and then they are",
    ],
  ])("after %d s shows %j and not yet %j: %s", (seconds, shown, notYet) => {
    expect(at(seconds)).toContain(shown);
    expect(at(seconds)).not.toContain(notYet);
    expect(at(seconds - 0.001)).not.toContain(shown);
  });

  test("ends every line as a serial line does", () => {
    expect(at(1e6).replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("shows the keys in the form that a parser of ec2_loghostkey's block reads", () => {
    expect(parseHostKeys(at(timeline.hostKeysSeconds))).toEqual(
      keys.map(({ type, fingerprint }) => ({ type, fingerprint })),
    );
    expect(parseHostKeys(at(timeline.sshdSeconds))).toBeUndefined();
    const rule = "#".repeat(61);
    const block = at(1e6).slice(at(1e6).indexOf("ec2: "));
    expect(block.split("\r\n").slice(0, 3)).toEqual([
      `ec2: ${rule}`,
      "ec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----",
      `ec2: 256 ${keys[0]?.fingerprint} root@freebsd (ECDSA)`,
    ]);
  });

  test("keeps the last 64 KiB, as EC2 does", () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ atSeconds: i, text: `line ${i} of the console` }));
    const kept = consoleText(many, 1e6);
    expect(kept).toHaveLength(64 * 1024);
    expect(kept.endsWith("line 4999 of the console\r\n")).toBe(true);
  });

  test("of an image that is no builder shows no passes", () => {
    const image = { ...BUILDER, flavour: "base" } as const;
    const text = consoleText(bootLines(image, bootTimeline(image, undefined), keys), 1e6);
    expect(text).not.toMatch(/memory disk|Installing base/);
    expect(parseHostKeys(text)).toHaveLength(2);
  });
});
