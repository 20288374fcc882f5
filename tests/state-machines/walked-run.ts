import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useLogOutput } from "#platform";
import type { Place } from "../../infra/place.ts";
import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import type { Outcome } from "../../local/engine/interpreter.ts";
import { leftoversOf } from "../../local/rehearsal/leftovers.ts";
import { type Power, type RehearsalStage, setStage } from "../../local/rehearsal/stage.ts";

const ROOT = join(import.meta.dirname, "../..");

// What a killed run still had under way fails when its stage is taken down; nobody wants to read of it.
useLogOutput(() => undefined);

/** The instant at which every walk begins: a Sunday at four, as in events/schedules.yml. */
export const TIME = "2026-11-22T04:00:00.000Z";

/** A stage that removes its folder when it is closed. */
export interface Theatre {
  readonly folder: string;
  readonly stage: RehearsalStage;
  readonly power: Power;
  close(): Promise<void>;
}

/**
 * Sets a stage for one test.
 * @param faults  as an operator writes them
 * @param rewrite  changes the text of the shipped fleet; default: none
 * @param place  where its engine runs
 */
export async function openTheatre(
  faults: readonly string[] = [],
  rewrite: (fleet: string) => string = (fleet) => fleet,
  place: Place = "home",
): Promise<Theatre> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-walk-"));
  const fleetFile = join(folder, "fleet.yml");
  writeFileSync(fleetFile, rewrite(readFileSync(join(ROOT, "fleet.yml"), "utf8")));
  const stage = await setStage({ root: ROOT, fleetFile, folder, time: new Date(TIME), faults });
  const close = async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, stage, power: await stage.powerUp(place), close };
}

/** What a run of a machine was seen to do. */
export interface Walk {
  readonly outcome: Outcome;
  /** Task states in the order in which each was first entered; one of a Map's region is "CopyImage us-west-2". */
  readonly tasks: string[];
  /** Every state entered, of any kind. */
  readonly entered: ReadonlySet<string>;
  /** "LaunchBuilder: NoCapacityError after 60 s" for each retry. */
  readonly retries: string[];
}

/** Walks a machine from beginning to end. `onEvent` sees what happens while it happens. */
export async function walk(
  { power }: Pick<Theatre, "power">,
  machine: string,
  input: object,
  name: string = machine,
  onEvent: (event: ExecutionEvent, interrupt: () => void) => void = () => undefined,
): Promise<Walk> {
  const events: ExecutionEvent[] = [];
  let interrupt = (): void => undefined;
  const execution = await power.engine.start(machine, name, input, (event) => {
    events.push(event);
    onEvent(event, () => interrupt());
  });
  interrupt = execution.interrupt;
  const outcome = await execution.outcome;
  return { outcome, ...describeEvents(events) };
}

function describeEvents(events: readonly ExecutionEvent[]): Omit<Walk, "outcome"> {
  const entered = events.filter((event) => event.type === "stateEntered");
  const tasks = entered
    .filter(({ kind }) => kind === "Task")
    .map(({ state, item }) => (item === undefined ? state : `${state} ${item}`));
  const retries = events
    .filter((event) => event.type === "taskRetried")
    .map(({ state, error, delaySeconds }) => `${state}: ${error} after ${delaySeconds} s`);
  return { tasks: [...new Set(tasks)], entered: new Set(entered.map(({ state }) => state)), retries };
}

/** "Subject: text" of every mail that was sent, in order. */
export function mailsOf({ stage }: Theatre): { subject: string; text: string }[] {
  return stage.cloud.mails().map(({ file }) => {
    const text = readFileSync(file, "utf8").replaceAll("=\r\n", "").replaceAll("\r\n", "\n");
    return { subject: /^Subject: (.*)$/m.exec(text)?.[1] ?? "", text: text.replace(/^[\s\S]*?\n\n/, "") };
  });
}

/** "instance us-east-1 nightshift-…" for whatever is left and should not be. */
export async function leftoversIn({ stage }: Theatre): Promise<string[]> {
  const left = leftoversOf(await stage.cloud.inventory());
  return left.map(({ type, region, name }) => `${type} ${region} ${name}`).sort();
}

/** The images that exist, "us-west-2 nightshift-…". */
export async function imagesIn({ stage }: Theatre): Promise<string[]> {
  const resources = await stage.cloud.inventory();
  return resources
    .filter(({ type }) => type === "image")
    .map(({ region, name }) => `${region} ${name}`)
    .sort();
}
