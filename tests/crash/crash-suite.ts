import { describe, expect, it } from "@jest/globals";
import { type EndState, type KillPoint, type Process, runWithKills } from "./crash-harness.ts";

/** How many kill points to try. `npm test` samples them, `npm run test:crash` (NIGHTSHIFT_CRASH=all) takes each. */
const THOROUGH = process.env.NIGHTSHIFT_CRASH === "all";
const SAMPLE = 8;
const DOUBLE_KILLS = THOROUGH ? Number(process.env.NIGHTSHIFT_CRASH_SEEDS ?? 40) : 2;

/**
 * Declares the crash tests of a process: it is killed before, or after, each of its steps in turn, and run again with
 * the same input; then with a second, random kill during the recovery. Each must end as the undisturbed run did.
 * A thorough run takes minutes, so the two phases are declared in files of their own, which jest runs side by side.
 */
export async function describeCrashes(
  name: string,
  subject: Process,
  phase: KillPoint["phase"],
): Promise<void> {
  const calm = await runWithKills(subject, []);

  describe(`${name}, killed ${phase} a step`, () => {
    it("ends well when nobody disturbs it", () => {
      expect(calm.outcome).toMatchObject({ status: "SUCCEEDED" });
    });

    it.each(killPoints(calm, phase))("step $step, $what", async ({ step }) => {
      expectSameEnd(await runWithKills(subject, [{ step, phase }]), calm, subject.costFactor);
    });

    it.each(seeds(phase))("killed twice at random, seed %i", async (seed) => {
      const random = randomNumbers(seed);
      const kills = [random, random].map((next) => ({
        step: 1 + Math.floor(next() * calm.steps.length),
        phase: next() < 0.5 ? ("before" as const) : ("after" as const),
      }));
      expectSameEnd(await runWithKills(subject, kills), calm, subject.costFactor);
    });
  });
}

function expectSameEnd(end: EndState, calm: EndState, costFactor = 1.1): void {
  expect(end.outcome).toMatchObject({ status: "SUCCEEDED" });
  expect(end.fingerprint).toEqual(calm.fingerprint);
  expect(end.created).toEqual(calm.created); // nothing was built, copied or sent twice
  // A crash costs the time that the builder idles until the second run takes it up, and no more.
  expect(end.costUsd).toBeLessThan(calm.costUsd * costFactor);
}

function killPoints(calm: EndState, phase: KillPoint["phase"]): { step: number; what: string }[] {
  const all = calm.steps.map((what, index) => ({ step: index + 1, what }));
  if (THOROUGH) return all;
  // Every so many, and each phase at other steps than the other.
  const offset = phase === "before" ? 0 : Math.floor(all.length / SAMPLE / 2);
  const stride = Math.max(1, Math.floor(all.length / SAMPLE));
  return all.filter((_, index) => index % stride === offset);
}

function seeds(phase: KillPoint["phase"]): number[] {
  const first = phase === "before" ? 1 : 1001;
  return Array.from({ length: DOUBLE_KILLS }, (_, index) => first + index);
}

/** Mulberry32: small, and the same numbers for the same seed everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
