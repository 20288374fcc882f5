import { describe, expect, it } from "@jest/globals";
import { type EndState, type KillPoint, type Process, runWithKills } from "./crash-harness.ts";

/**
 * How many kill points to try. `npm test` samples them, `npm run test:crash` (NIGHTSHIFT_CRASH=all) takes each, and CI, whose
 * time is short, every so many, those before a call at other steps than those after one.
 */
const THOROUGH = process.env.NIGHTSHIFT_CRASH === "all";
const EVERY = Number(process.env.NIGHTSHIFT_CRASH_STRIDE ?? 1);
const SAMPLE = 8;
const DOUBLE_KILLS = THOROUGH ? Number(process.env.NIGHTSHIFT_CRASH_SEEDS ?? 40) : 2;

/** Something that can be killed at its steps. */
export interface Subject<End> {
  /** "ami-build" */
  readonly name: string;
  /** The steps of an undisturbed run, in order. */
  readonly steps: readonly string[];
  /** Runs it, kills it at these points, and lets it come to rest. */
  readonly run: (kills: readonly KillPoint[]) => Promise<End>;
  /** In a thorough run, every so many steps are tried. Default: each. */
  readonly stride?: number;
  /** Otherwise, so many steps. Default: 8. */
  readonly sample?: number;
  /** The end must be that of an undisturbed run. */
  readonly expectSame: (end: End) => void;
}

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

  describe(name, () => {
    it("ends well when nobody disturbs it", () => {
      expect(calm.outcome).toMatchObject({ status: "SUCCEEDED" });
    });
  });
  describeKills(
    {
      name,
      steps: calm.steps,
      run: (kills) => runWithKills(subject, kills),
      expectSame: (end) => expectSameEnd(end, calm, subject.costFactor),
    },
    phase,
  );
}

/** Declares the tests of one phase: each step that is tried, and random double kills. */
export function describeKills<End>(
  { name, steps, run, expectSame, stride = 1, sample = SAMPLE }: Subject<End>,
  phase: KillPoint["phase"],
): void {
  describe(`${name}, killed ${phase} a step`, () => {
    it.each(
      killPoints(steps, phase, THOROUGH ? stride * EVERY : Math.max(1, Math.floor(steps.length / sample))),
    )("step $step, $what", async ({ step }) => {
      expectSame(await run([{ step, phase }]));
    });

    it.each(seeds(phase))("killed twice at random, seed %i", async (seed) => {
      const random = randomNumbers(seed);
      const kills = [random, random].map((next) => ({
        step: 1 + Math.floor(next() * steps.length),
        phase: next() < 0.5 ? ("before" as const) : ("after" as const),
      }));
      expectSame(await run(kills));
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

/** Every so many steps, and each phase at other steps than the other. */
function killPoints(
  steps: readonly string[],
  phase: KillPoint["phase"],
  stride: number,
): { step: number; what: string }[] {
  const all = steps.map((what, index) => ({ step: index + 1, what }));
  const offset = phase === "before" ? 0 : Math.floor(stride / 2);
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
