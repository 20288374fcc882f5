import type { FunctionName } from "../../infra/function-name.ts";
import { type Place, placeOfDomain } from "../../infra/place.ts";
import type { Cloud, MailEvent } from "../cloud/contract.ts";
import { targetsOf } from "../engine/event-bus.ts";

/** Runs a function with an event, as EventBridge does. Rejects when the function failed. */
type Invoke = (target: FunctionName, event: unknown) => Promise<unknown>;

/** The default bus of a region, and what is deployed there. */
export interface RegionalBus {
  readonly region: string;
  readonly place: Place;
}

/**
 * EventBridge's part for SES in one region: every event of a mail that the cloud accepted there is delivered, once its time has come, until
 * its targets have taken it. It belongs to the cloud, not to an engine: a power failure of the engine, even in the
 * middle of a delivery, loses no event. As on AWS, one may come twice.
 */
export function mailEvents(cloud: Pick<Cloud, "mailEvents" | "clock">, root: string, bus: RegionalBus) {
  const waiting = new Map<string, MailEvent>();
  const targetsByType = new Map<string, FunctionName[]>();
  let seen = 0;

  const gather = () => {
    const all = cloud.mailEvents();
    for (const one of all.slice(seen)) if (one.event.region === bus.region) waiting.set(one.id, one);
    seen = all.length;
  };
  const targetsFor = ({ event }: MailEvent) => {
    const type = event["detail-type"];
    const isHere = ({ domain }: FunctionName) => placeOfDomain(domain) === bus.place;
    const targets = targetsByType.get(type) ?? targetsOf(root, event).filter(isHere);
    targetsByType.set(type, targets);
    return targets;
  };
  const deliver = async (invoke: Invoke): Promise<void> => {
    gather();
    for (const one of dueOf([...waiting.values()], cloud.clock.now())) {
      if (!waiting.has(one.id)) continue; // taken meanwhile: deliveries may run side by side
      for (const target of targetsFor(one)) await invoke(target, one.event);
      waiting.delete(one.id);
    }
  };

  return {
    /** Delivers what is due. */
    deliver,
    /** Lets time pass until nothing is left to tell, and delivers all of it. */
    settle: async (invoke: Invoke): Promise<void> => {
      for (gather(); waiting.size > 0; gather()) {
        const last = Math.max(...[...waiting.values()].map(({ at }) => at.getTime()));
        cloud.clock.advance(last - cloud.clock.now().getTime()); // never backwards
        await deliver(invoke);
      }
    },
  };
}

/** Oldest first; of those of the same instant, in the order in which they came to be. */
function dueOf(events: readonly MailEvent[], now: Date): MailEvent[] {
  return events
    .filter(({ at }) => at.getTime() <= now.getTime())
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
