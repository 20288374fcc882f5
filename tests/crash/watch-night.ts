import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useLogOutput } from "#platform";
import type { Call } from "../../local/cloud/contract.ts";
import { setStage } from "../../local/rehearsal/stage.ts";
import { loadedFleet, storyFleet } from "../../local/watch/story-fleet.ts";
import { openRecords } from "../../local/watch/watch-records.ts";
import { openWatchRoom, type WatchRoom } from "../../local/watch/watch-room.ts";
import type { KillPoint } from "./crash-harness.ts";
import { listeningLine } from "./listening-line.ts";
import { startRefusingHost } from "./refusing-host.ts";

const ROOT = join(import.meta.dirname, "../..");
const TIME = new Date("2026-11-27T02:57:30.000Z");
export const COLIN = "+16045550101";
export const DEPUTY = "+16045550102";

/** What happens around the monitor in a short night. */
export interface Night {
  readonly name: string;
  /** Lines of the morning when nobody disturbs it. */
  readonly undisturbed: readonly string[];
  readonly failuresBeforeAlarm?: number;
  /** Whether a call gets no answer, given whether the host is down. */
  readonly isGone?: (call: Call, isDown: boolean) => boolean;
  /** Puts people behind the phones. */
  readonly people: (room: WatchRoom) => void;
  /** Plays it, by letting minutes pass. */
  readonly play: (room: WatchRoom, host: Awaited<ReturnType<typeof startRefusingHost>>) => Promise<void>;
}

/** What is left when everything has come to rest, without instants, which a power failure moves. */
export interface Morning {
  readonly fingerprint: string[];
  /** The steps of the first run until then, in order, as "service:Operation (function)". */
  readonly steps: string[];
}

// Functions of a dead run fail when their stage is taken down, long after anybody cares; their log goes nowhere.
useLogOutput(() => undefined);

/**
 * Plays a night, and lets the power fail at `kills[0]`, the next time at `kills[1]`, and so on. It comes back at once: what
 * was under way is gone, what was on record is there, and what others begin (schedules, Twilio's requests) goes on.
 */
export async function playWithKills(night: Night, kills: readonly KillPoint[]): Promise<Morning> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-night-"));
  const host = await startRefusingHost();
  const fleetFile = join(folder, "fleet.yml");
  writeFileSync(
    fleetFile,
    storyFleet(loadedFleet(join(ROOT, "fleet.yml")), monitorOf(host.url, night.failuresBeforeAlarm)),
  );
  const stage = await setStage({ root: ROOT, fleetFile, folder, time: TIME, faults: [] });
  const steps: string[] = [];
  const waiting = [...kills];
  let count = 0;
  let life = 0;
  let room: WatchRoom | undefined;
  const listen = async () => {
    const mine = life;
    const { door } = (await room?.power()) ?? {};
    if (door === undefined) throw new Error("no door");
    door.onCall = async (call, phase) => {
      if (call.caller === "onlooker") return;
      await step(`${call.service}:${call.operation} (${call.caller})`, phase, mine);
      if (night.isGone?.(call, !host.isUp())) throw new Error("no answer");
    };
  };
  const step = async (what: string, phase: "before" | "after", mine = life): Promise<void> => {
    if (mine !== life) return new Promise(() => undefined); // of an engine that is gone
    if (phase === "before") {
      count += 1;
      if (life === 0) steps.push(what);
    }
    const [kill] = waiting;
    if (kill === undefined || count !== kill.step || phase !== kill.phase) return;
    waiting.shift();
    life += 1;
    count = 0;
    room?.powerFails();
    setImmediate(() => room?.powerUp().then(listen));
    return new Promise(() => undefined);
  };
  let line: Awaited<ReturnType<typeof listeningLine>> | undefined;
  try {
    room = await openWatchRoom(stage, ROOT, async (url) => {
      line = await listeningLine(url, (what, phase) => step(what, phase));
      return line.url;
    });
    await listen();
    night.people(room);
    await night.play(room, host);
    await stage.started();
    await room.twilio.settled();
    await room.power(); // the last failure may have been a moment ago
    return { fingerprint: await fingerprintOf(room), steps };
  } finally {
    line?.close();
    await room?.close();
    await stage.close();
    await host.goDown();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything that must not depend on when the power failed. */
async function fingerprintOf(room: WatchRoom): Promise<string[]> {
  const records = openRecords(room.stage);
  const incidents = await records.incidents();
  const { checks, pending } = await records.board();
  await records.close();
  const heard = [COLIN, DEPUTY].flatMap((phone) =>
    room.twilio.heard(phone).map(({ via, text }) => `${phone} ${via}: ${withoutTimes(text)}`),
  );
  return [
    ...incidents.map(
      ({ number, check, cause, recoveredAt }) =>
        `incident ${number} ${check} ${cause} ${recoveredAt !== undefined}`,
    ),
    ...incidents.flatMap(({ number, told }) =>
      told.map(({ step, contact, way, outcome }) => `told ${number} ${step} ${contact} ${way} ${outcome}`),
    ),
    ...incidents.flatMap(({ number, acknowledgements }) =>
      acknowledgements.map(({ by, via }) => `acknowledged ${number} ${by} ${via}`),
    ),
    ...Object.entries(checks).map(
      ([name, { phase, incident }]) => `check ${name} ${phase} ${incident ?? "-"}`,
    ),
    `pending ${pending.length}`,
    ...heard,
    `accepted ${room.twilio.accepted("sms").length} ${room.twilio.accepted("call").length}`,
  ].sort();
}

/** What a power failure, or another port, rightly changes. */
function withoutTimes(text: string): string {
  return (
    text
      .replaceAll(/(?<=127\.0\.0\.1:)\d+|(?<=port )\d( \d)*/g, "PORT")
      .replaceAll(/\d\d:\d\d UTC/g, "TIME")
      .replaceAll(/since [\w ]+, U T C/gi, "since TIME")
      .replaceAll(/(under )?\d+ min/g, "SOME min")
      .replaceAll(/came and went [\d ]+ times in its last [\d ]+ results/g, "came and went")
      // Whoever's first answer was lost is told that it counted already.
      .replaceAll("was acknowledged before. Goodbye.", "is acknowledged. Thank you. Goodbye.")
      .replaceAll("was acknowledged by this text before.", "acknowledged.")
  );
}

function monitorOf(url: string, failuresBeforeAlarm = 2): object {
  return {
    from: "+12065550100",
    contacts: { colin: { phone: COLIN }, deputy: { phone: DEPUTY } },
    escalation: { callAfterMinutes: 1, nextAfterMinutes: 1, rounds: 2 },
    acknowledgedHours: 1,
    checks: {
      www: { kind: "http", url, failuresBeforeAlarm, timeoutSeconds: 5 },
      reaper: { kind: "execution", machine: "ami-reap", withinHours: 2, failuresBeforeAlarm: 60 },
    },
  };
}
