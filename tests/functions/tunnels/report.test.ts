import { describe, expect, test } from "@jest/globals";
import { MessageSchema } from "../../../functions/mail/message.ts";
import { failedReport, rotatedReport } from "../../../functions/tunnels/report.ts";
import { requireHosts } from "../../../functions/tunnels/require-hosts.ts";
import { fleetWith } from "./fakes/fleets.ts";

const PIPE = "/nightshift/pipes/SSH";
const FLEET = fleetWith();
const RUN = "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-tunnels-rotate:run-1";
const FAILED = { pipe: PIPE, executionArn: RUN, reason: "HostsMissedError: mail: down", unclosed: [] };

describe("the mails", () => {
  test("rotated: named by the new key, so that it is sent once; which images are to be built anew", () => {
    const keys = { from: "a".repeat(32), to: "b".repeat(32), isForgotten: false };
    const mail = rotatedReport(FLEET, { pipe: PIPE, executionArn: "arn" }, keys, ["www", "mail"]);
    expect(MessageSchema.parse(mail).id).toBe(`rotation${PIPE}/${keys.to}/rotated`);
    expect(mail.text).toContain("aaaaaaaaaaaa is gone, bbbbbbbbbbbb is in force");
    expect(mail.text).toContain("  nightshift run ami-build --image base\n");
  });

  test.each([
    ["refused", "Key SSH: NOT changed", "no host was touched"],
    ["undone", "Key SSH: NOT changed", "everything is as it was before"],
    ["halfway", "Key SSH: changed in part", "  nightshift keys rotate SSH\n"],
  ] as const)("%s: %s", (state, subject, says) => {
    const mail = failedReport(FLEET, { ...FAILED, state });
    expect(MessageSchema.parse(mail)).toMatchObject({ id: "run-1/failed", subject });
    expect(mail.text).toContain(says);
    expect(mail.text).toContain("Reason: HostsMissedError: mail: down");
    expect(mail.text).toContain(`nightshift show ${RUN}\n`); // by its name alone, a run on AWS is not found
  });

  test("second doors that could not be closed are named", () => {
    const mail = failedReport(FLEET, {
      ...FAILED,
      state: "undone",
      unclosed: ["mail: HostUnreachableError: down"],
    });
    expect(mail.text).toContain("  mail: HostUnreachableError: down\n");
  });
});

describe("a step on all hosts", () => {
  const missed = { Error: "HostUnreachableError", Cause: "down" };

  test("done: how many", () =>
    expect(requireHosts([{ host: "www" }, { host: "mail" }])).toEqual({ hosts: 2 }));
  test("nobody to do it on is well", () => expect(requireHosts([])).toEqual({ hosts: 0 }));
  test("missed: each by name, and why", () => {
    expect(() => requireHosts([{ host: "www" }, { host: "mail", missed }, { host: "pkg", missed }])).toThrow(
      "mail: HostUnreachableError: down; pkg: HostUnreachableError: down",
    );
  });
  test("many: the first five, and how many more", () => {
    const hosts = Array.from({ length: 8 }, (_, index) => ({ host: `h${index}`, missed }));
    expect(() => requireHosts(hosts)).toThrow(/^h0: .*; h4: HostUnreachableError: down; and 3 more$/);
  });
});
