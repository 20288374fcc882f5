import { describe, expect, test } from "@jest/globals";
import { bootTimeline } from "../../../local/builder/boot-timeline.ts";
import type { MachineSpec } from "../../../local/builder/contract.ts";
import { BUILDER } from "./test-machine.ts";

describe("a boot takes", () => {
  test.each<[MachineSpec["image"], number | undefined, number, number, string]>([
    [BUILDER, undefined, 16, 20, "minutes for a builder that reads a cold snapshot"],
    [BUILDER, 100, 3.5, 5, "minutes with the slowest initialization rate"],
    [BUILDER, 300, 3, 5, "minutes with the fastest: the volume's own throughput is the limit then"],
    [{ ...BUILDER, flavour: "base" } as const, undefined, 0.5, 2, "a minute when nothing is copied"],
    [{ ...BUILDER, flavour: "small" } as const, 300, 0.5, 2, "a minute likewise, whatever the rate"],
  ])("%j at %s MiB/s: %d to %d %s", (image, rate, least, most) => {
    const minutes = bootTimeline(image, rate).sshdSeconds / 60;
    expect(minutes).toBeGreaterThan(least);
    expect(minutes).toBeLessThan(most);
  });

  test("its stages follow each other, and a faster read ends earlier", () => {
    const { kernelSeconds, builder, rcSeconds, sshdSeconds, hostKeysSeconds } = bootTimeline(BUILDER, 100);
    const stages = [
      kernelSeconds,
      builder?.copyingSeconds ?? 0,
      builder?.rerootSeconds ?? 0,
      builder?.installingSeconds ?? 0,
      rcSeconds,
      sshdSeconds,
      hostKeysSeconds,
    ];
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
    expect(new Set(stages).size).toBe(stages.length);
    expect(bootTimeline(BUILDER, 125).sshdSeconds).toBeLessThan(sshdSeconds);
  });

  test("images that are no builder have no memory disk", () => {
    expect(bootTimeline({ ...BUILDER, flavour: "base" }, 100).builder).toBeUndefined();
  });
});
