import type { CheckState } from "../../functions/monitor/board.ts";
import type { Incident } from "../../functions/monitor/incident.ts";
import type { StoryLine } from "./story.ts";
import type { WatchRecords } from "./watch-records.ts";
import type { WatchRoom } from "./watch-room.ts";

/** Looks on, and tells what is new since the last look: what checks find, what phones hear, what is on record. */
export class Witness {
  readonly #room: WatchRoom;
  readonly #records: WatchRecords;
  readonly #tell: (line: StoryLine) => void;
  #checks: Readonly<Record<string, CheckState>> = {};
  readonly #seen = new Set<string>();

  constructor(room: WatchRoom, records: WatchRecords, tell: (line: StoryLine) => void) {
    this.#room = room;
    this.#records = records;
    this.#tell = tell;
  }

  /** Something that is seen now. */
  say(who: string, what: string): void {
    this.#tell({ at: this.#room.stage.clock.now(), who, what });
  }

  /** Tells what is new, in order. Answers whether an incident began, ended, or was acknowledged. */
  async look(): Promise<boolean> {
    const incidents = await this.#records.incidents();
    const happened = incidents.flatMap((incident) => this.#ofIncident(incident));
    const lines = [...(await this.#ofChecks()), ...happened, ...this.#ofPhones()];
    for (const line of lines.sort((a, b) => a.at.getTime() - b.at.getTime())) this.#tell(line);
    return happened.length > 0;
  }

  async #ofChecks(): Promise<StoryLine[]> {
    const { checks } = await this.#records.board();
    const lines = Object.entries(checks).flatMap(([name, state]): StoryLine[] => {
      const before = this.#checks[name];
      if (before !== undefined && describe(before) === describe(state)) return [];
      return [{ at: new Date(state.last.at), who: name, what: describe(state) }];
    });
    this.#checks = checks;
    return lines;
  }

  #ofIncident({ number, check, openedAt, acknowledgements, recoveredAt }: Incident): StoryLine[] {
    const events: StoryLine[] = [
      { at: openedAt, who: `incident ${number}`, what: `${check} is not well: somebody is to be told` },
      ...acknowledgements.map(({ at, by, via }) => ({
        at,
        who: `incident ${number}`,
        what: `${by} has it, by ${via}`,
      })),
      ...(recoveredAt === undefined
        ? []
        : [{ at: recoveredAt, who: `incident ${number}`, what: `${check} is well again` }]),
    ];
    return events.filter(({ who, what }) => this.#isNew(`${who} ${what}`));
  }

  #ofPhones(): StoryLine[] {
    const { contacts = {} } = this.#room.stage.fleet.monitor ?? {};
    return Object.entries(contacts).flatMap(([name, { phone }]) =>
      this.#room.twilio
        .heard(phone)
        .map(({ at, via, text }) => ({
          at,
          who: name,
          what: `${via === "sms" ? "gets the text" : "hears on the phone"}: ${text}`,
        }))
        .filter(({ at, what }, index) => this.#isNew(`${name} ${index} ${at.toISOString()} ${what}`)),
    );
  }

  #isNew(what: string): boolean {
    if (this.#seen.has(what)) return false;
    this.#seen.add(what);
    return true;
  }
}

/** How a check stands, in a line: its phase, how often it failed, and why. */
function describe({ phase, failures, silence, last }: CheckState): string {
  if (phase === "good") return last.verdict;
  const quiet = silence === undefined ? "" : `, silent: ${silence}`;
  const count = phase === "failing" && failures > 0 ? ` (${failures})` : "";
  return `${last.verdict}${count}${quiet}: ${last.reason}`;
}
