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
  test("are what its environment says, port 22, Twilio itself and FreeBSD itself", () => {
    expect(readSettings(ENVIRONMENT, NAME)).toEqual({
      stage: "prod",
      region: "us-east-1",
      functionName: NAME,
      fleetFile: "/var/task/fleet.json",
      sshPort: 22,
      bucket: "nightshift-prod-123456789012",
      twilioUrl: "https://api.twilio.com",
      freebsdUpdateUrl: "http://update.FreeBSD.org",
      freebsdPackagesUrl: "https://pkg.FreeBSD.org",
      // As in FreeBSD's own sources: freebsd-update.conf, share/keys/pkgbase-15/trusted.
      freebsdKeyPrint: "800651ef4b4c71c27e60786d7b487188970f4b4169cc055784e21eb71d410cc5",
      freebsdCataloguePrints: [
        "1d7b45d20fa8d6ed26f9b4a13ac81a6b5df860b9fe644d07b87e92298ba72595",
        "56a77bdcb6c3cf7984729c6138bd5617c24aa0d466b3b604c96205b2c5629f3c",
      ],
    });
  });

  test("another port, for machines that share one host", () => {
    expect(readSettings({ ...ENVIRONMENT, NIGHTSHIFT_SSH_PORT: "40022" }, NAME).sshPort).toBe(40_022);
  });

  test("another Twilio, for rehearsals", () => {
    const environment = { ...ENVIRONMENT, NIGHTSHIFT_TWILIO_URL: "http://127.0.0.1:40080" };
    expect(readSettings(environment, NAME).twilioUrl).toBe("http://127.0.0.1:40080");
  });

  test("another FreeBSD, for rehearsals, with keys of its own", () => {
    const [one, two] = ["ab".repeat(32), "cd".repeat(32)];
    const environment = {
      ...ENVIRONMENT,
      NIGHTSHIFT_FREEBSD_UPDATE_URL: "http://127.0.0.1:40081",
      NIGHTSHIFT_FREEBSD_PACKAGES_URL: "http://127.0.0.1:40082",
      NIGHTSHIFT_FREEBSD_KEY_PRINT: one,
      NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS: `${one},${two}`,
    };
    expect(readSettings(environment, NAME)).toMatchObject({
      freebsdUpdateUrl: "http://127.0.0.1:40081",
      freebsdPackagesUrl: "http://127.0.0.1:40082",
      freebsdKeyPrint: one,
      freebsdCataloguePrints: [one, two],
    });
  });

  test("no key of catalogues at all: said on purpose, any may sign", () => {
    const environment = { ...ENVIRONMENT, NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS: "" };
    expect(readSettings(environment, NAME).freebsdCataloguePrints).toEqual([]);
  });

  const wrong: [
    why: string,
    variable:
      | keyof typeof ENVIRONMENT
      | "NIGHTSHIFT_SSH_PORT"
      | "NIGHTSHIFT_TWILIO_URL"
      | "NIGHTSHIFT_FREEBSD_UPDATE_URL"
      | "NIGHTSHIFT_FREEBSD_KEY_PRINT"
      | "NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS",
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
    ["a FreeBSD that is no URL", "NIGHTSHIFT_FREEBSD_UPDATE_URL", "update.FreeBSD.org"],
    ["half a print", "NIGHTSHIFT_FREEBSD_KEY_PRINT", "800651ef"],
    ["a print in capitals: digests are compared as text", "NIGHTSHIFT_FREEBSD_KEY_PRINT", "AB".repeat(32)],
    ["one good print and one bad", "NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS", `${"ab".repeat(32)},x`],
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
    expect(clientSettings(settings)).toMatchObject({
      region: "us-east-1",
      maxAttempts: 1,
      userAgentAppId: NAME,
    });
    expect(clientSettings(settings, "us-west-2").region).toBe("us-west-2");
  });

  test("no endpoint and no credentials: those are the SDK's own standard settings", () => {
    expect(Object.keys(clientSettings(settings)).sort()).toEqual([
      "maxAttempts",
      "region",
      "requestHandler",
      "userAgentAppId",
    ]);
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
