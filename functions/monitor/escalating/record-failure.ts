import type { IncidentBook } from "../ports.ts";
import type { TellStep } from "./next-step.ts";

/** Notes that a contact could not be told after every retry, so that the next way, or the next contact, is tried. */
export async function recordFailure(
  number: number,
  step: TellStep,
  reason: string,
  now: Date,
  incidents: IncidentBook,
): Promise<{ readonly outcome: "failed" }> {
  const key = `failed/${step.step}/${step.contact}/${step.way}`;
  await incidents.note(number, { key, at: now, what: `${step.contact} not told by ${step.way}: ${reason}` });
  await incidents.begin(number, { ...step, at: now, due: new Date(step.due) }); // it may have failed before it began
  await incidents.settle(number, step, "failed", now);
  return { outcome: "failed" };
}
