import { describe, expect, test } from "@jest/globals";
import { clientSettings, perRegion, readSettings, type Settings } from "#platform";

const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  NIGHTSHIFT_STAGE: "prod",
  NIGHTSHIFT_FLEET: "/var/task/fleet.json",
  NIGHTSHIFT_BUCKET: "nightshift-prod-123456789012",
};
const NAME = "nightshift-prod-ami-launch-builder";

describe("settings of a function", () => {
  test("are what its environment says, port 22, and Twilio itself", () => {
    expect(readSettings(ENVIRONMENT, NAME)).toEqual({
      stage: "prod",
      region: "us-east-1",
      functionName: NAME,
      fleetFile: "/var/task/fleet.json",
      sshPort: 22,
      bucket: "nightshift-prod-123456789012",
      twilioUrl: "https://api.twilio.com",
    });
  });

  test("another port, for machines that share one host", () => {
    expect(readSettings({ ...ENVIRONMENT, NIGHTSHIFT_SSH_PORT: "40022" }, NAME).sshPort).toBe(40_022);
  });

  test("another Twilio, for rehearsals", () => {
    const environment = { ...ENVIRONMENT, NIGHTSHIFT_TWILIO_URL: "http://127.0.0.1:40080" };
    expect(readSettings(environment, NAME).twilioUrl).toBe("http://127.0.0.1:40080");
  });

  const wrong: [
    why: string,
    variable: keyof typeof ENVIRONMENT | "NIGHTSHIFT_SSH_PORT" | "NIGHTSHIFT_TWILIO_URL",
    value: string | undefined,
  ][] = [
    ["no region", "AWS_REGION", undefined],
    ["an empty region", "AWS_REGION", ""],
    ["no stage", "NIGHTSHIFT_STAGE", undefined],
    ["a stage in capitals, which bucket and group names do not all take", "NIGHTSHIFT_STAGE", "Prod"],
    ["a stage that begins with a digit", "NIGHTSHIFT_STAGE", "1prod"],
    ["a stage with a slash: it is part of parameter paths", "NIGHTSHIFT_STAGE", "prod/x"],
    ["a stage with a trailing line feed", "NIGHTSHIFT_STAGE", "prod\n"],
    ["a stage of 21 letters: AMI names must fit", "NIGHTSHIFT_STAGE", "a".repeat(21)],
    ["no fleet", "NIGHTSHIFT_FLEET", undefined],
    ["no bucket", "NIGHTSHIFT_BUCKET", undefined],
    ["a port that is no number", "NIGHTSHIFT_SSH_PORT", "ssh"],
    ["port 0", "NIGHTSHIFT_SSH_PORT", "0"],
    ["a port beyond TCP's", "NIGHTSHIFT_SSH_PORT", "65536"],
    ["half a port", "NIGHTSHIFT_SSH_PORT", "22.5"],
    ["a Twilio that is no URL", "NIGHTSHIFT_TWILIO_URL", "api.twilio.com"],
    ["a Twilio that nobody can fetch from", "NIGHTSHIFT_TWILIO_URL", "file:///etc/passwd"],
  ];
  test.each(wrong)("refused, with the variable named: %s", (_why, variable, value) => {
    const read = () => readSettings({ ...ENVIRONMENT, [variable]: value }, NAME);
    expect(read).toThrow(expect.objectContaining({ name: "InvalidSettingsError" }));
    expect(read).toThrow(variable);
  });

  test("everything that is wrong is named at once", () => {
    const read = () => readSettings({}, NAME);
    for (const variable of Object.keys(ENVIRONMENT)) expect(read).toThrow(variable);
  });
});

describe("what clients are made with", () => {
  const settings: Settings = readSettings(ENVIRONMENT, NAME);

  test("one attempt, the function's region, and its name for CloudTrail", () => {
    expect(clientSettings(settings)).toEqual({ region: "us-east-1", maxAttempts: 1, userAgentAppId: NAME });
    expect(clientSettings(settings, "us-west-2").region).toBe("us-west-2");
  });

  test("no endpoint and no credentials: those are the SDK's own standard settings", () => {
    expect(Object.keys(clientSettings(settings)).sort()).toEqual(["maxAttempts", "region", "userAgentAppId"]);
  });

  test("an application id of 50 characters at most (SDK reference), however long the function's name", () => {
    expect(clientSettings({ ...settings, functionName: "n".repeat(64) }).userAgentAppId).toHaveLength(50);
  });

  test("one client per region, made when it is first needed", () => {
    const made: string[] = [];
    const clients = perRegion(settings, ({ region }) => {
      made.push(region);
      return { region };
    });
    expect(made).toEqual([]);
    expect(clients("us-east-1")).toBe(clients("us-east-1"));
    expect(clients("us-west-2").region).toBe("us-west-2");
    expect(made).toEqual(["us-east-1", "us-west-2"]);
  });
});
