import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "@jest/globals";
import { aslDiagram } from "../../../cli/view/asl-diagram.ts";
import { allStates, type Definition, readDefinition } from "../../../local/engine/definition.ts";

const toFailure = [{ ErrorEquals: ["States.ALL"], Next: "Settle" }];

/** Every form that our machines have: a poll loop, a way around, a Map of one task and of two, both exits. */
const DEFINITION: Definition = {
  StartAt: "Begin",
  States: {
    Begin: { Type: "Task", Next: "IsMade", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Report" }] },
    IsMade: {
      Type: "Choice",
      Choices: [{ Variable: "$.plan.existingImage", IsString: true, Next: "Check" }],
      Default: "Make",
    } as never,
    Make: { Type: "Task", Next: "WaitForIt", Catch: toFailure, Comment: 'make "it"' } as never,
    WaitForIt: { Type: "Wait", Seconds: 1, Next: "Check" },
    Check: { Type: "Task", Next: "IsReady", Catch: toFailure },
    IsReady: {
      Type: "Choice",
      Choices: [{ Variable: "$.ready", BooleanEquals: true, Next: "Copy" }],
      Default: "WaitForIt",
    } as never,
    Copy: {
      Type: "Map",
      Catch: toFailure,
      ItemProcessor: {
        StartAt: "Start1",
        States: {
          Start1: { Type: "Task", Next: "Look" },
          Look: { Type: "Task", Next: "IsCopied" },
          IsCopied: {
            Type: "Choice",
            Choices: [{ Variable: "$.s", StringEquals: "failed", Next: "Start1" }],
            Default: "Keep",
          } as never,
          Keep: { Type: "Pass", End: true },
        },
      },
      Next: "Publish",
    },
    Publish: {
      Type: "Map",
      Catch: toFailure,
      ItemProcessor: { StartAt: "One", States: { One: { Type: "Task", End: true } } },
      End: true,
    },
    Settle: { Type: "Wait", Seconds: 1, Next: "CleanUp" },
    CleanUp: { Type: "Task", Next: "Report", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Report" }] },
    Report: { Type: "Task", Next: "Failed" },
    Failed: { Type: "Fail" },
  },
};

test("the happy path, its loops and ways around; one dotted arrow per place that failures lead to", () => {
  expect(aslDiagram(DEFINITION)).toBe(`flowchart TD
  Start(("start"))
  Done(("done"))
  Start --> Begin
  Begin["Begin"]
  subgraph group2[" "]
    direction TB
    Make["Make<br/>make #34;it#34;"]
    Check["Check"]
    subgraph Copy["Copy<br/>for each item"]
      direction TB
      Start1["Start1"]
      Look["Look"]
      Start1 --> Look
      Look -->|failed| Start1
    end
    Publish[["Publish<br/>for each: One"]]
  end
  subgraph failure["after a failure"]
    direction TB
    CleanUp["CleanUp"]
    Report["Report"]
    Failed{{"Failed"}}
  end
  Begin -->|existing image| Check
  Begin --> Make
  Make --> Check
  Check --> Copy
  Check -->|wait| Check
  Copy --> Publish
  Publish --> Done
  CleanUp --> Report
  Report --> Failed
  Begin -. any failure .-> Report
  group2 -. any failure .-> CleanUp
`);
});

const machines = readdirSync("state-machines").map((file) => basename(file, ".asl.json"));

test.each(machines)(
  "%s: every state that does something is in the picture, and every arrow joins what is there",
  (machine) => {
    const definition = readDefinition(".", machine);
    const text = aslDiagram(definition);
    const drawn = new Set([...text.matchAll(/^ *(?:subgraph )?(\w+)(?:\[|\(\(|\{\{)/gm)].map(([, id]) => id));
    const arrows = [...text.matchAll(/^ *(\w+) (?:-->(?:\|[^|]*\|)?|-\. any failure \.->) (\w+)$/gm)];
    for (const [, from, to] of arrows) expect([from, to].filter((end) => !drawn.has(end))).toEqual([]);
    for (const { name, state } of allStates(definition)) {
      if (["Task", "Map", "Fail"].includes(state.Type)) expect(text).toMatch(new RegExp(`\\b${name}\\b`));
    }
    const opened = text.match(/^ *subgraph /gm)?.length ?? 0;
    expect(text.match(/^ *end$/gm)?.length ?? 0).toBe(opened);
  },
);
