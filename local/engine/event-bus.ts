import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type FunctionName, nameFunction } from "../../infra/function-name.ts";

/** An event as EventBridge delivers it; what patterns look at. */
export interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: unknown;
}

interface Pattern {
  readonly source: string[];
  readonly "detail-type": string[];
  readonly function: string;
}

/** The functions that an event goes to, by the patterns in `events/patterns/`. */
export function targetsOf(root: string, event: BusEvent): FunctionName[] {
  const folder = join(root, "events", "patterns");
  return readdirSync(folder)
    .map((file): Pattern => parse(readFileSync(join(folder, file), "utf8")))
    .filter((one) => one.source.includes(event.source) && one["detail-type"].includes(event["detail-type"]))
    .map((one) => {
      const [domain = "", handler = ""] = one.function.split("/");
      return nameFunction(domain, handler);
    });
}
