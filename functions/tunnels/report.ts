import type { Fleet } from "#fleet";
import type { ReportMessage } from "#platform";
import { shortFingerprint } from "./fingerprint.ts";
import type { KeyChange } from "./keys.ts";
import type { Rotation } from "./rotation.ts";

/** What people call a key: the end of its parameter's name. */
export function nameOfKey(pipe: string): string {
  return pipe.replace("/nightshift/pipes/", "");
}

/** The mail after a rotation. Images still hold the old key, and a host launched from one would let in nobody else. */
export function rotatedReport(
  fleet: Fleet,
  { pipe }: Rotation,
  keys: KeyChange,
  hosts: readonly string[],
): ReportMessage {
  const images = imagesWith(fleet, pipe);
  const text = [
    `The key ${pipe} was changed: ${shortFingerprint(keys.from)} is gone, ${shortFingerprint(keys.to)} is in force.`,
    "",
    `It was changed on: ${hosts.join(", ")}.`,
    "",
    "These images were built with the old key. Build each anew before you launch another host from it, or that host",
    "takes the old key and nobody has it any more:",
    "",
    ...images.map((image) => `  nightshift run ami-build --image ${image}`),
    "",
    "Whoever connects with a copy of the key in a file (spipe -k) needs the new one; nightshift ssh reads it from SSM.",
    "",
  ];
  return message(fleet, `rotation${pipe}/${keys.to}/rotated`, `Key ${nameOfKey(pipe)}: changed`, text);
}

/** How far a rotation came that failed. */
export interface FailedRotation {
  /** As it was asked for, or its parameter once that was known. */
  readonly pipe: string;
  readonly executionArn: string;
  readonly reason: string;
  /** `refused`: nothing was done on any host. `undone`: all is as before. `halfway`: two keys are in use, and both work. */
  readonly state: "refused" | "undone" | "halfway";
  /** Hosts whose second door could not be seen closed, and why. */
  readonly unclosed: readonly string[];
}

/** The mail after a rotation that failed. */
export function failedReport(fleet: Fleet, failed: FailedRotation): ReportMessage {
  const { pipe, executionArn, reason, state, unclosed } = failed;
  const again = `nightshift keys rotate ${nameOfKey(pipe)}`;
  const verdict = {
    refused: [`The key ${pipe} was not changed, and no host was touched.`],
    undone: [`The key ${pipe} was not changed: everything is as it was before.`],
    halfway: [
      `The key ${pipe} is changed in part. Until it is all done, hosts take the old key or the new one, and nightshift has`,
      "both: everything works, and no way in is closed. To go on:",
      "",
      `  ${again}`,
    ],
  }[state];
  const text = [
    ...verdict,
    "",
    `Reason: ${reason}`,
    ...(unclosed.length === 0
      ? []
      : [
          "",
          "These could not be asked to close their second port. If it is open, it takes a key that is gone; the next",
          "rotation closes it:",
          ...unclosed.map((line) => `  ${line}`),
        ]),
    "",
    `See: nightshift show ${executionArn}`,
    "",
  ];
  const subject = `Key ${nameOfKey(pipe)}: ${state === "halfway" ? "changed in part" : "NOT changed"}`;
  return message(fleet, `${executionArn.split(":").at(-1)}/failed`, subject, text);
}

function imagesWith({ images }: Fleet, pipe: string): string[] {
  const has = ({ pipes }: Fleet["images"][string]) =>
    Object.values(pipes).some(({ keyParameter }) => keyParameter === pipe);
  return Object.entries(images).flatMap(([name, image]) => (has(image) ? [name] : []));
}

function message({ owner }: Fleet, id: string, subject: string, lines: string[]): ReportMessage {
  return { id, from: owner.from, to: [owner.mail], subject, text: lines.join("\n") };
}
