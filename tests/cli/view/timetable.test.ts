import { expect, test } from "@jest/globals";
import { renderTimetable } from "../../../cli/view/timetable.ts";
import { nameFunction } from "../../../infra/function-name.ts";
import type { Definition } from "../../../local/engine/definition.ts";

/** As state machines name a function. */
function placeholder(key: string): string {
  return `\${${key}Arn}`;
}

const DEFINITION: Definition = {
  StartAt: "CheckQuota",
  States: {
    CheckQuota: {
      Type: "Task",
      Resource: placeholder("AmiCheckQuota"),
      Next: "Wait",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "CleanUp" }],
    },
    CleanUp: { Type: "Task", Resource: placeholder("AmiCleanUp"), Next: "Failed" },
    Failed: { Type: "Fail" },
    Wait: { Type: "Wait", Seconds: 1, Next: "CopyToRegions" },
    CopyToRegions: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "CopyImage",
        States: { CopyImage: { Type: "Task", Resource: placeholder("AmiCopyImage"), End: true } },
      },
      Next: "SendMessage",
    },
    SendMessage: { Type: "Task", Resource: placeholder("MailSendMessage"), End: true },
  },
};

const schedule = (
  cron: string,
  machine = "ami-build",
  input: Record<string, unknown> = { image: "base" },
) => {
  return { description: "Weekly rebuild", cron, timeZone: "Europe/Zurich", machine, input };
};

const functions = [
  ["ami", "check-quota"],
  ["ami", "clean-up"],
  ["ami", "copy-image"],
  ["mail", "send-message"],
].map(([domain = "", handler = ""]) => nameFunction(domain, handler));

test("from the schedule to the file of each state, in the order of a run", () => {
  const parts = {
    schedules: { rebuild: schedule("0 4 ? * SUN *") },
    definitions: { "ami-build": DEFINITION },
    functions,
  };
  expect(renderTimetable(parts)).toBe(`rebuild: every Sunday at 04:00 Europe/Zurich   cron(0 4 ? * SUN *)
  Weekly rebuild
  state-machines/ami-build.asl.json, image base
    CheckQuota     functions/ami/handlers/check-quota.ts
    CopyToRegions  for each
      CopyImage    functions/ami/handlers/copy-image.ts
    SendMessage    functions/mail/handlers/send-message.ts
    -- after a failure --
    CleanUp        functions/ami/handlers/clean-up.ts
`);
});

test("a machine of two schedules is told once; a cron that has no words stands as it is", () => {
  const schedules = {
    first: schedule("0 4 ? * SUN *"),
    second: schedule("0 4 ? * SUN#1 *", "ami-build", {}),
  };
  const lines = renderTimetable({ schedules, definitions: { "ami-build": DEFINITION }, functions }).split(
    "\n",
  );
  expect(lines.filter((line) => line.includes("check-quota.ts"))).toHaveLength(1);
  expect(lines.slice(-5)).toEqual([
    "second: cron(0 4 ? * SUN#1 *) Europe/Zurich",
    "  Weekly rebuild",
    "  state-machines/ami-build.asl.json",
    "  (its states stand above)",
    "",
  ]);
});

test.each([
  {
    why: "a state whose function does not exist",
    definitions: { "ami-build": DEFINITION },
    functions: functions.slice(1),
    says: `no function for ${placeholder("AmiCheckQuota")}`,
  },
  { why: "a machine that does not exist", definitions: {}, functions, says: "there is no machine ami-build" },
])("says so: $why", ({ definitions, functions, says }) => {
  expect(
    renderTimetable({ schedules: { rebuild: schedule("0 4 * * ? *") }, definitions, functions }),
  ).toContain(says);
});

const everyMinute = (target: string) => ({
  description: "Looks at every host",
  cron: "* * * * ? *",
  timeZone: "UTC",
  function: target,
  retry: "none" as const,
  input: { most: 40 },
});

test("a function that is scheduled by itself is the whole chain; what is not at home says so", () => {
  const schedules = { "run-checks": everyMinute("monitor/run-checks"), watch: everyMinute("ami/clean-up") };
  const there = [...functions, nameFunction("monitor", "run-checks")];
  expect(
    renderTimetable({ schedules, definitions: {}, functions: there }),
  ).toBe(`run-checks: every minute   cron(* * * * ? *)   in the watch region
  Looks at every host
  functions/monitor/handlers/run-checks.ts, most 40

watch: every minute   cron(* * * * ? *)
  Looks at every host
  functions/ami/handlers/clean-up.ts, most 40
`);
});

test("a machine of the watch region says so, and a function that does not exist is named", () => {
  const schedules = {
    first: schedule("0 4 ? * SUN *", "monitor-escalate", {}),
    second: everyMinute("monitor/run-checks"),
    third: everyMinute("monitor/run-checks"),
  };
  const lines = renderTimetable({ schedules, definitions: {}, functions }).split("\n");
  expect(lines[0]).toMatch(/ {3}in the watch region$/);
  expect(lines.filter((line) => line === "  there is no function monitor/run-checks")).toHaveLength(2);
});

test("without schedules it says that, rather than nothing", () => {
  expect(renderTimetable({ schedules: {}, definitions: {}, functions: [] })).toBe("Nothing is scheduled.\n");
});
