import { afterEach, describe, expect, it } from "@jest/globals";
import { buildAndDie } from "./dying-run.ts";
import { imagesIn, leftoversIn, mailsOf, openTheatre, type Theatre, TIME, walk } from "./walked-run.ts";

const INPUT = { image: "base", time: TIME };
const PUBLISHING = [
  "PublishImageInRegion us-west-2",
  "PublishImage",
  "RecordPublished",
  "RetireImages us-east-1",
  "RetireImages us-west-2",
  "CleanUp",
  "ComposeReport",
  "SendMessage",
];
const FROM_THE_IMAGE = [
  "CheckImage",
  "RequireImdsV2",
  "CopyImage us-west-2",
  "CheckCopy us-west-2",
  "RequireImdsV2ForCopy us-west-2",
  ...PUBLISHING,
];
const TO_THE_BUILDER = ["ValidateBuild", "ClaimBuild", "ResolveSource", "LaunchBuilder", "CheckBuilder"];

let theatre: Theatre;
afterEach(() => theatre.close());

describe("ami-build, started again after it died", () => {
  it.each([
    {
      died: "before it had a builder: begins as any run",
      state: "LaunchBuilder",
      tasks: [
        ...TO_THE_BUILDER,
        "StartProvisioning",
        "CheckProvisioning",
        "InspectDisk",
        "RecordInspection",
        "UnmountDisk",
        "CreateImage",
        ...FROM_THE_IMAGE,
      ],
    },
    {
      died: "after the disk was unmounted: takes up the builder, and inspects nothing that is not there any more",
      state: "CreateImage",
      tasks: [
        ...TO_THE_BUILDER,
        "StartProvisioning",
        "CheckProvisioning",
        "UnmountDisk",
        "CreateImage",
        ...FROM_THE_IMAGE,
      ],
    },
    {
      died: "while the image was made: takes up the image, and launches no builder",
      state: "CheckImage",
      tasks: ["ValidateBuild", "ClaimBuild", ...FROM_THE_IMAGE],
    },
    {
      died: "while it was copied: takes up image and copy",
      state: "CheckCopy",
      tasks: ["ValidateBuild", "ClaimBuild", ...FROM_THE_IMAGE],
    },
    {
      died: "while it cleaned up: publishes what is published, and cleans up again",
      state: "ComposeReport",
      tasks: ["ValidateBuild", "ClaimBuild", ...FROM_THE_IMAGE],
    },
  ])("$died", async ({ state, tasks }) => {
    theatre = await openTheatre();
    const power = await buildAndDie(theatre, { state, input: INPUT, name: "dying", processLives: true });
    const run = await walk({ ...theatre, power }, "ami-build", INPUT, "dying");

    expect(run.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(run.tasks).toEqual(tasks);
    expect(timesCarriedOut("RunInstances")).toBe(1);
    expect(timesCarriedOut("CreateImage")).toBe(1);
    expect(timesCarriedOut("CopyImage")).toBe(1);
    expect(mailsOf(theatre)).toHaveLength(1);
    expect(await imagesIn(theatre)).toHaveLength(2);
    expect(await leftoversIn(theatre)).toEqual([]);
  });
});

function timesCarriedOut(operation: string): number {
  const calls = theatre.stage.cloud.calls();
  return calls.filter((call) => call.operation === operation && call.error === undefined).length;
}
