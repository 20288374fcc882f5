import type { StoryLine } from "../../local/watch/story.ts";
import type { StoryReport } from "../../local/watch/tell-story.ts";
import { simulated } from "./duration.ts";
import { cut, paint, type Terminal } from "./terminal.ts";

/** Widest name of who saw something. */
const WHO = 12;

/** A line of a story: when, who, and what. What people hear stands out. */
export function storyLine({ at, who, what }: StoryLine, terminal: Terminal): string {
  const text = cut(`${at.toISOString().slice(11, 19)}  ${who.padEnd(WHO)}  ${what}`, terminal.columns());
  return `${paint(terminal, colourOf(who, what), text)}\n`;
}

/** What came of it, told to somebody who has never seen one. */
export function storySummary(report: StoryReport, near: (path: string) => string): string {
  const { incidents, messages, failures, pages, artifacts, simulatedSeconds, wallSeconds, costUsd } = report;
  const last = pages.at(-1);
  const rows: [string, string][] = [
    [
      "incidents",
      incidents
        .map(
          ({ number, check, recoveredAt }) =>
            `${number}: ${check}, ${recoveredAt === undefined ? "still open" : "over"}`,
        )
        .join("; ") || "none",
    ],
    ["phones", `${messages.sms} SMS and ${messages.calls} ${messages.calls === 1 ? "call" : "calls"}`],
    ["functions", failures.length === 0 ? "none failed" : `failed: ${failures.join(", ")}`],
    ["list price", `$${costUsd.toFixed(4)} of DynamoDB and S3, without Lambda and Twilio`],
    ["look at", near(artifacts)],
    ...(last === undefined
      ? []
      : [
          ["", `${near(last)}  (the status page after each transition: ${pages.length})`] as [string, string],
        ]),
  ];
  const head = `${report.story} was rehearsed: ${simulated(simulatedSeconds)} simulated in ${wallSeconds.toFixed(1)} s`;
  return `\n${head}\n\n${rows.map(([title, text]) => `${title.padEnd(14)}${text}\n`).join("")}`;
}

function colourOf(who: string, what: string): "red" | "green" | "yellow" | "dim" {
  if (who.startsWith("incident"))
    return what.endsWith("well again") ? "green" : what.includes(" has it") ? "yellow" : "red";
  return /^(gets the text|hears)/.test(what) ? "yellow" : "dim";
}
