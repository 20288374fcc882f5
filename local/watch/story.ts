import type { WatchRoom } from "./watch-room.ts";
import type { WatchedHost } from "./watched-host.ts";

/** Something that was seen, by whom, and when. */
export interface StoryLine {
  readonly at: Date;
  readonly who: string;
  readonly what: string;
}

/** What a story is played with. */
export interface Scene {
  readonly room: WatchRoom;
  readonly host: WatchedHost;
  /** Lets minutes pass, and tells what was seen in them. */
  pass(minutes: number): Promise<void>;
  /** Something that nobody in the room can know. */
  narrate(who: string, what: string): void;
}

/** A night to rehearse: what is watched, and what happens. */
export interface Story {
  readonly name: string;
  readonly summary: string;
  /** The section `monitor` of its fleet. */
  monitor(host: WatchedHost): object;
  play(scene: Scene): Promise<void>;
}
