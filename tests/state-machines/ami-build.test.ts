import { afterEach, describe, expect, it } from "@jest/globals";
import { imagesIn, leftoversIn, mailsOf, openTheatre, type Theatre, TIME, walk } from "./walked-run.ts";

const INPUT = { image: "base", time: TIME };

const BEFORE_MONEY = ["ValidateBuild", "ClaimBuild", "ResolveSource"];
const ON_THE_BUILDER = [
  "LaunchBuilder",
  "CheckBuilder",
  "StartProvisioning",
  "CheckProvisioning",
  "InspectDisk",
  "RecordInspection",
  "UnmountDisk",
];
const WHOLE_WAY = [
  ...BEFORE_MONEY,
  ...ON_THE_BUILDER,
  "CreateImage",
  "CheckImage",
  "RequireImdsV2",
  "CopyImage us-west-2",
  "CheckCopy us-west-2",
  "RequireImdsV2ForCopy us-west-2",
  "PublishImageInRegion us-west-2",
  "PublishImage",
  "RecordPublished",
  "RetireImages us-east-1",
  "RetireImages us-west-2",
  "CleanUp",
  "ComposeReport",
  "SendMessage",
];
const REFUSED = ["ComposeFailureReport", "SendMessageAfterFailure"];
const FAILED = ["CleanUpAfterFailure", ...REFUSED];

const BUILT = "Image base: FreeBSD 15.1, built";
const NOT_BUILT = "Image base: NOT built";

/** The whole way up to and including a state. */
function upTo(state: string): string[] {
  const end = WHOLE_WAY.indexOf(state);
  if (end < 0) throw new Error(`no state ${state} on the way`);
  return WHOLE_WAY.slice(0, end + 1);
}

interface Exit {
  readonly situation: string;
  readonly faults?: string[];
  readonly rewrite?: (fleet: string) => string;
  /** Tasks on the way to the failure; what follows is `after`. */
  readonly until: string[];
  readonly after: string[];
  readonly error: string;
  /** What the mail's one line of reason must say. */
  readonly reason: RegExp;
}

const EXITS: Exit[] = [
  {
    situation: "a copy region is not enabled: refused before anything is made",
    rewrite: (fleet) => fleet.replace("copyTo: [us-west-2]", "copyTo: [ap-east-1]"),
    until: upTo("ValidateBuild"),
    after: REFUSED,
    error: "BuildRefusedError",
    reason: /region not enabled for this account: ap-east-1/,
  },
  {
    situation: "a release that FreeBSD publishes no image of: refused, and the claim is given back",
    rewrite: (fleet) => fleet.replace('release: "15.1"', 'release: "15.9"'),
    until: upTo("ResolveSource"),
    after: FAILED,
    error: "BuildRefusedError",
    reason: /FreeBSD publishes no builder image for 15\.9 amd64/,
  },
  {
    situation: "the vCPU limit is reached when the builder is launched: not retried",
    faults: ["ec2:RunInstances:VcpuLimitExceeded:*"],
    until: upTo("LaunchBuilder"),
    after: FAILED,
    error: "BuildRefusedError",
    reason: /L-1216C47A/,
  },
  {
    situation: "no capacity for good: given up after five retries",
    faults: ["ec2:RunInstances:InsufficientInstanceCapacity:*"],
    until: upTo("LaunchBuilder"),
    after: FAILED,
    error: "NoCapacityError",
    reason: /no capacity for r7i\.large/,
  },
  {
    situation: "the builder never boots: given up after the boot's wait",
    faults: ["builder-never-boots"],
    until: upTo("CheckBuilder"),
    after: FAILED,
    error: "WaitedTooLongError",
    reason: /the builder to boot/,
  },
  {
    situation: "another machine answers than the one on the console: nothing is sent to it",
    faults: ["host-key-mismatch"],
    until: upTo("StartProvisioning"),
    after: FAILED,
    error: "HostKeyMismatchError",
    reason: /presented SHA256:\S+, its console showed SHA256:/,
  },
  {
    situation: "packages cannot be fetched: the failed step is named",
    faults: ["packages-unreachable"],
    until: upTo("CheckProvisioning"),
    after: FAILED,
    error: "ProvisioningFailedError",
    reason: /provisioning failed with status \d+ in step/,
  },
  {
    situation: "EC2 fails to make the image: it is removed with its snapshot",
    faults: ["image-failed"],
    until: upTo("CheckImage"),
    after: FAILED,
    error: "ImageFailedError",
    reason: /image ami-\w+ in us-east-1: failed/,
  },
  {
    situation: "every copy to a region fails: begun three times, then all images are removed",
    faults: ["copy-failed@us-west-2"],
    until: upTo("CheckCopy us-west-2"),
    after: FAILED,
    error: "ImageFailedError",
    reason: /us-west-2: failed.*\(3 attempts\)/,
  },
  {
    situation: "a permission is missing: an error that nobody foresaw ends as any other",
    faults: ["ec2:CreateImage:UnauthorizedOperation:*"],
    until: upTo("CreateImage"),
    after: FAILED,
    error: "UnauthorizedOperation",
    reason: /not authorized/,
  },
  {
    situation: "throttling that does not end: given up after five retries",
    faults: ["ec2:ModifyImageAttribute:RequestLimitExceeded:*"],
    until: upTo("RequireImdsV2"),
    after: FAILED,
    error: "TransientError",
    reason: /RequestLimitExceeded/,
  },
];

let theatre: Theatre;
afterEach(() => theatre.close());

describe("ami-build succeeds", () => {
  it("builds, copies and publishes the image, and reports", async () => {
    theatre = await openTheatre();
    const { outcome, tasks, entered, retries } = await walk(theatre, "ami-build", INPUT);

    expect(outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(tasks).toEqual(WHOLE_WAY);
    expect(entered).toContain("ImageBuilt");
    expect(retries).toEqual([]);
    expect(mailsOf(theatre).map(({ subject }) => subject)).toEqual([BUILT]);
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(await imagesIn(theatre)).toHaveLength(2);
  });

  it.each([
    {
      situation: "capacity comes back while it asks again, a minute and then two later",
      faults: ["ec2:RunInstances:InsufficientInstanceCapacity:2"],
      retries: ["LaunchBuilder: NoCapacityError after 60 s", "LaunchBuilder: NoCapacityError after 120 s"],
    },
    {
      situation: "EC2 throttles, and the task is tried again",
      faults: ["ec2:CreateImage:RequestLimitExceeded:2"],
      retries: ["CreateImage: TransientError after 2 s", "CreateImage: TransientError after 4 s"],
    },
    {
      situation: "DynamoDB has an internal error at the claim",
      faults: ["dynamodb:UpdateItem:InternalServerError"],
      retries: ["ClaimBuild: TransientError after 2 s"],
    },
    {
      situation: "one region's copy cannot begin at first",
      faults: ["ec2:CopyImage:Unavailable@us-west-2"],
      retries: ["CopyImage: TransientError after 2 s"],
    },
    {
      situation: "SES throttles, which says that the mail was not accepted",
      faults: ["ses:SendRawEmail:Throttling"],
      retries: ["SendMessage: TransientError after 2 s"],
    },
  ])("$situation", async ({ faults, retries }) => {
    theatre = await openTheatre(faults);
    const run = await walk(theatre, "ami-build", INPUT);
    expect(run.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(run.retries).toEqual(retries);
    expect(mailsOf(theatre).map(({ subject }) => subject)).toEqual([BUILT]);
    expect(await leftoversIn(theatre)).toEqual([]);
  });
});

describe("ami-build fails, cleans up and says why", () => {
  it.each(EXITS)("$situation", async ({ faults, rewrite, until, after, error, reason }) => {
    theatre = await openTheatre(faults, rewrite);
    const { outcome, tasks, entered } = await walk(theatre, "ami-build", INPUT);

    expect(outcome).toMatchObject({ status: "FAILED", error });
    expect(tasks).toEqual([...until, ...after]);
    expect(entered).toContain("BuildFailed");
    expect(mailsOf(theatre)).toEqual([{ subject: NOT_BUILT, text: expect.stringMatching(reason) }]);
    expect(await leftoversIn(theatre)).toEqual([]);
    expect(await imagesIn(theatre)).toEqual([]);
  });
});
