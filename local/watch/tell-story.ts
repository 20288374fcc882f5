import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useLogOutput } from "#platform";
import type { Incident, TimelineEvent } from "../../functions/monitor/incident.ts";
import { setStage } from "../rehearsal/stage.ts";
import { STORIES } from "./stories/index.ts";
import type { Story, StoryLine } from "./story.ts";
import { loadedFleet, storyFleet } from "./story-fleet.ts";
import { openRecords } from "./watch-records.ts";
import { openWatchRoom, type WatchRoom } from "./watch-room.ts";
import { startWatchedHost, type WatchedHost } from "./watched-host.ts";
import { Witness } from "./witness.ts";

/** Of a minute before three, so that what happens first is seen to be well. */
const BEGIN = new Date("2026-11-27T02:57:30.000Z");

export interface StoryOptions {
  readonly root: string;
  readonly fleetFile: string;
  /** Everything that the rehearsal keeps. */
  readonly folder: string;
  readonly time?: Date | undefined;
  readonly onLine: (line: StoryLine) => void;
  /** Aborting ends the story before the next minute. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of a story. */
export interface StoryReport {
  readonly story: string;
  readonly lines: readonly StoryLine[];
  readonly incidents: readonly (Incident & { readonly timeline: readonly TimelineEvent[] })[];
  /** Messages and calls that Twilio accepted. */
  readonly messages: { readonly sms: number; readonly calls: number };
  /** Functions that failed, and how. */
  readonly failures: readonly string[];
  readonly costUsd: number;
  /** Absolute paths of the status page, after each transition, and of the folder. */
  readonly pages: readonly string[];
  readonly artifacts: string;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
}

/** All stories, and the way to tell one. @throws Error when there is none of that name */
export const stories = {
  all: STORIES,
  tell: (name: string, options: StoryOptions): Promise<StoryReport> => {
    const story = STORIES.find((one) => one.name === name);
    if (story === undefined) throw new Error(`no story ${name}`);
    return tellStory(story, options);
  },
};

/**
 * Plays a story from its beginning to its end, in an account, a telephone network and a night of its own.
 * @throws the signal's reason when it is aborted; nothing is left behind then either
 */
export async function tellStory(story: Story, options: StoryOptions): Promise<StoryReport> {
  const started = performance.now();
  const { root, folder, time = BEGIN } = options;
  const host = await startWatchedHost();
  mkdirSync(folder, { recursive: true });
  const fleetFile = join(folder, "fleet.yml");
  writeFileSync(fleetFile, storyFleet(loadedFleet(options.fleetFile), story.monitor(host)));
  const stage = await setStage({ root, fleetFile, folder, time, faults: [] });
  let room: WatchRoom | undefined;
  try {
    room = await openWatchRoom(stage, root);
    const seen = await play(story, room, host, options);
    const simulatedSeconds = (stage.clock.now().getTime() - time.getTime()) / 1000;
    return { ...seen, simulatedSeconds, wallSeconds: (performance.now() - started) / 1000 };
  } finally {
    room?.powerFails(); // whatever of the night is still under way
    await room?.close();
    await stage.close();
    // Functions that were under way fail now, and their log is nobody's any more.
    if (options.signal?.aborted === true) useLogOutput(() => undefined);
    await host.close();
  }
}

/** Lets it happen, looks on, and gathers what came of it. */
async function play(
  story: Story,
  room: WatchRoom,
  host: WatchedHost,
  { folder, onLine, signal }: StoryOptions,
): Promise<Omit<StoryReport, "simulatedSeconds" | "wallSeconds">> {
  const { stage, twilio } = room;
  const records = openRecords(stage);
  const lines: StoryLine[] = [];
  const witness = new Witness(room, records, (line) => {
    lines.push(line);
    onLine(line);
  });
  const failures: string[] = [];
  const pages: string[] = [];
  const passOne = async () => {
    signal?.throwIfAborted();
    failures.push(...(await room.pass(1)));
    if (await witness.look())
      pages.push(await records.savePage(join(folder, `status-${pages.length + 1}.html`)));
  };
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 1) await passOne();
  };
  await story.play({ room, host, pass, narrate: (who, what) => witness.say(who, what) });
  await stage.started();
  await twilio.settled();
  await witness.look();
  const incidents = await records.incidents();
  await records.close();
  return {
    ...{ story: story.name, lines, incidents, failures, pages, artifacts: folder },
    messages: { sms: twilio.accepted("sms").length, calls: twilio.accepted("call").length },
    costUsd: stage.cloud.bill().reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}
