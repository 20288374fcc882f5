import { expect } from "@jest/globals";
import type { Outcome } from "../../local/engine/interpreter.ts";
import {
  doorOf,
  type RotationScene,
  rcConfOf,
  rotationScene,
  SECOND,
  SSH,
  TIME,
} from "../state-machines/rotation-scene.ts";
import { mailsOf } from "../state-machines/walked-run.ts";
import type { KillPoint } from "./crash-harness.ts";
import { describeKills } from "./crash-suite.ts";

const HOSTS = ["www", "mail", "pkg"];

/** What is so when a rotation has come to rest. */
export interface RotationEnd {
  readonly outcome: Outcome;
  readonly steps: readonly string[];
  /** One line for each thing that must be the same however often it was interrupted. */
  readonly facts: readonly string[];
}

/**
 * Rotates the key of the pipe that is the way in, kills the run at `kills[0]` as if power had failed, starts it again and kills
 * that at `kills[1]`. Whenever it is dead, every host must be open to a key that is in SSM.
 */
async function rotateWithKills(kills: readonly KillPoint[]): Promise<RotationEnd> {
  let theatre = await rotationScene();
  const steps: string[] = [];
  const close = () => theatre.close();
  try {
    const old = await theatre.key("home", SSH);
    for (const kill of [...kills, undefined]) {
      const outcome = await runOnce(theatre, kill, steps);
      if (outcome !== undefined) return { outcome, steps, facts: await factsOf(theatre, old) };
      theatre = await theatre.powerUp();
      await requireWayIn(theatre);
    }
    throw new Error("the last run was killed as well");
  } finally {
    await close();
  }
}

async function runOnce(
  { power }: RotationScene,
  kill: KillPoint | undefined,
  steps: string[],
): Promise<Outcome | undefined> {
  let count = 0;
  let isDead = false;
  let die = (): void => undefined;
  const death = new Promise<undefined>((resolve) => {
    power.door.onCall = async ({ service, operation, caller }, phase) => {
      if (!caller.startsWith("nightshift-")) return;
      if (!isDead && phase === "before") {
        count += 1;
        steps.push(`${service}:${operation} (${caller})`);
      }
      if (!isDead && count === kill?.step && phase === kill.phase) {
        isDead = true;
        power.door.freeze();
        die();
        resolve(undefined);
      }
      if (isDead) await new Promise(() => undefined);
    };
  });
  const execution = await power.engine.start("tunnels-rotate", "under-test", { pipe: SSH, time: TIME });
  die = () => execution.kill();
  return Promise.race([execution.outcome, death]);
}

/** @throws Error naming a host that no key in SSM opens */
async function requireWayIn(theatre: RotationScene): Promise<void> {
  const keys = [await theatre.key("home", SSH), await theatre.key("home", `${SSH}.next`)];
  for (const host of HOSTS) {
    const doors = [doorOf(theatre, host), doorOf(theatre, host, SECOND)];
    const tries = doors.flatMap((door) => keys.map((key) => theatre.takes(door, key)));
    if (!(await Promise.all(tries)).includes(true)) throw new Error(`there is no way into ${host}`);
  }
}

async function factsOf(theatre: RotationScene, old: string | undefined): Promise<string[]> {
  const key = await theatre.key("home", SSH);
  const facts = [
    `another key: ${key !== undefined && key !== old}`,
    `the same in the watch region: ${(await theatre.key("watch", SSH)) === key}`,
    `next keys: ${[await theatre.key("home", `${SSH}.next`), await theatre.key("watch", `${SSH}.next`)]}`,
    `record: ${Object.keys(await theatre.record(SSH)).sort()}`,
    `mails: ${mailsOf({ stage: theatre.scene.stage } as Parameters<typeof mailsOf>[0]).map(({ subject }) => subject)}`,
  ];
  for (const host of HOSTS) {
    const takes = [
      await theatre.takes(doorOf(theatre, host), key),
      await theatre.takes(doorOf(theatre, host), old),
      await theatre.takes(doorOf(theatre, host, SECOND), key),
    ];
    facts.push(
      `${host}: ${takes}, ${rcConfOf(theatre, host).includes("_next") ? "two entries" : "one entry"}`,
    );
  }
  return facts;
}

/** Declares the crash tests of one phase. */
export async function describeRotation(phase: KillPoint["phase"]): Promise<void> {
  const calm = await rotateWithKills([]);
  const expectSame = ({ outcome, facts }: RotationEnd) => {
    expect(outcome).toEqual({ status: "SUCCEEDED", output: expect.anything() });
    expect(facts).toEqual(calm.facts);
  };
  describeKills(
    { name: "tunnels-rotate", steps: calm.steps, run: rotateWithKills, sample: 3, expectSame },
    phase,
  );
}
