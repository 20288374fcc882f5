import { afterEach, describe, expect, it } from "@jest/globals";
import { CONDITIONS } from "../../local/host/conditions.ts";
import { type CheckedMornings, openMornings } from "./checked-morning.ts";

let mornings: CheckedMornings;
afterEach(() => mornings.close());

const CHECKED = [
  ...["PlanCheck", "CheckHost mail", "CheckHost pkg", "CheckHost www", "CheckRelease 15.1 amd64 ufs"],
  "ComposeReport",
];

/** Nothing is newer than what runs. */
function quieten({ scene: { stage } }: CheckedMornings): void {
  stage.freebsd.setRelease("15.1", { patchLevel: 0, endOfLife: "2028-12-31" });
}

describe("updates-check ends well", () => {
  it("a quiet day: all are asked, nobody is told", async () => {
    mornings = await openMornings();
    quieten(mornings);
    const run = await mornings.check();
    expect(run.outcome).toMatchObject({ status: "SUCCEEDED", output: { checked: true } });
    expect(run.tasks).toEqual(CHECKED);
    expect(mornings.mails()).toEqual([]);
  });

  it("something is new: one mail, and the next morning none", async () => {
    mornings = await openMornings([], { www: CONDITIONS.vulnerable, mail: CONDITIONS.vulnerable });
    quieten(mornings);
    const run = await mornings.check();
    expect(run.tasks).toEqual([...CHECKED, "SendMessage", "SettleReports"]);
    const [mail] = mornings.mails();
    expect(mail?.subject).toMatch(/^Updates: 1 vulnerable package on mail, www; 3 package updates on/);
    expect(mail?.text).toMatch(
      /mail, www \(2\)\n {2}curl 8\.17\.0 is vulnerable: .*\n.*\n {2}curl 8\.17\.0 -> 8\.18\.0\n/,
    );
    expect(mail?.text).toContain(
      "https://vuxml.FreeBSD.org/freebsd/6ccfdf0c-0000-11f1-9f7a-0123456789ab.html",
    );
    expect((await mornings.check(1)).outcome.status).toBe("SUCCEEDED");
    expect(mornings.mails()).toHaveLength(1);
  });

  it("the same morning once more, and again by hand an hour later: nothing is told twice", async () => {
    mornings = await openMornings([], { www: CONDITIONS.vulnerable });
    await mornings.check();
    const again = await mornings.check(0, "again");
    expect(again.outcome.status).toBe("SUCCEEDED");
    expect(again.tasks).not.toContain("SendMessage");
    await mornings.check(1 / 24, "by-hand");
    expect(mornings.mails()).toHaveLength(1);
  });

  it("a new patch and the end of a release come from FreeBSD's servers, without any host", async () => {
    mornings = await openMornings();
    quieten(mornings);
    await mornings.changeFleet((fleet) => ({ ...fleet, hosts: {} }));
    await mornings.check();
    mornings.scene.stage.freebsd.setRelease("15.1", { patchLevel: 4, endOfLife: "2027-01-10" });
    const run = await mornings.check(1);
    expect(run.tasks.filter((task) => task.startsWith("CheckHost"))).toEqual([]);
    expect(mornings.mails().map(({ text }) => text.split("\n").slice(2, 5))).toEqual([
      ["15.1 amd64", "* FreeBSD 15.1 ends in 43 days, on 2027-01-10", "* FreeBSD 15.1 is at p4"],
    ]);
  });

  it("a day on which nothing ran is noticed on the next, and said once", async () => {
    mornings = await openMornings();
    quieten(mornings);
    await mornings.check();
    await mornings.check(2);
    await mornings.check(3);
    expect(mornings.mails().map(({ subject }) => subject)).toEqual(["Updates: no check on 2026-11-28"]);
  });

  it("the fleet has no section updates: nothing is asked", async () => {
    mornings = await openMornings();
    await mornings.changeFleet(({ updates: _, ...fleet }) => fleet);
    const run = await mornings.check();
    expect(run.outcome).toEqual({ status: "SUCCEEDED", output: { checked: false } });
    expect(run.tasks).toEqual(["PlanCheck"]);
  });

  it("an image is built anew when one of its packages was upgraded, if the fleet says so", async () => {
    mornings = await openMornings();
    const isOn = (startBuild: boolean) =>
      mornings.changeFleet((fleet) => ({
        ...fleet,
        updates: fleet.updates === undefined ? undefined : { ...fleet.updates, startBuild },
      }));
    await isOn(true);
    await mornings.check();
    await mornings.become({ www: CONDITIONS["packages-pending"] });
    const run = await mornings.check(1);
    expect(run.tasks.slice(-3)).toEqual(["StartBuilds", "SendMessage", "SettleReports"]);
    await mornings.scene.stage.started();
    const images = (await mornings.scene.stage.cloud.inventory()).filter(
      ({ type, name }) => type === "image" && name.includes("base-2026"),
    );
    expect(images.length).toBeGreaterThan(0);
    await isOn(false);
  });
});

describe("updates-check says what it could not learn, and goes on", () => {
  it.each([
    ["dark", /www\n {2}not checked: .*could not connect/, "nothing listens"],
    ["target-down", /www\n {2}not checked: .*greeted and closed/, "its pipe is up, and sshd is down"],
    [
      "nonsense",
      /www\n {2}nothing is known: the host's report is of version 9/,
      "it prints what nobody understands",
    ],
    ["endless", /www\n {2}not checked: .*printed more than 2048 KiB/, "it prints for ever"],
    ["dies", /www\n {2}not checked: the connection ended before the command did/, "it breaks in the middle"],
  ] as const)("a host that is %s: the others are checked", async (name, says, _why) => {
    mornings = await openMornings([], { www: CONDITIONS[name], mail: CONDITIONS.vulnerable });
    quieten(mornings);
    const run = await mornings.check();
    expect(run.outcome.status).toBe("SUCCEEDED");
    expect(mornings.mails()).toHaveLength(1);
    expect(mornings.mails()[0]?.text).toMatch(says);
    expect(mornings.mails()[0]?.text).toContain("curl 8.17.0 is vulnerable");
  });

  it("FreeBSD's servers do not answer: asked again, then said; what else is known of the release stands", async () => {
    mornings = await openMornings();
    quieten(mornings);
    mornings.scene.stage.freebsd.setFault("failing");
    const run = await mornings.check();
    expect(run.outcome.status).toBe("SUCCEEDED");
    expect(run.retries.filter((one) => one.startsWith("CheckRelease: TransientError"))).toHaveLength(5);
    expect(run.entered).toContain("CheckReleaseAfterFailure");
    expect(mornings.mails()[0]?.text).toMatch(
      /15\.1 amd64\n {2}newest patch not known: .*\n {2}end of life not known/,
    );
    mornings.scene.stage.freebsd.setFault(undefined);
    await mornings.check(1);
    expect(mornings.mails()).toHaveLength(1);
  });

  it("nobody says of which releases there are images: what FreeBSD's servers say stands", async () => {
    mornings = await openMornings(["ssm:GetParametersByPath:AccessDeniedException:*"]);
    mornings.scene.stage.freebsd.setRelease("15.1", { patchLevel: 4, endOfLife: "2028-12-31" });
    const run = await mornings.check();
    expect(run.outcome.status).toBe("SUCCEEDED");
    expect(run.entered).toContain("CheckReleaseAfterFailure");
    expect(mornings.mails()[0]?.text).toMatch(
      /FreeBSD 15\.1 is at p4\n {2}newer releases not known: SSM did not say .*: AccessDeniedException\n/,
    );
  });
});

describe("updates-check fails by name, when all is told", () => {
  it("a host shows another key: nothing is run there, the mail says so first, and so it does the next day", async () => {
    mornings = await openMornings([], { www: { ...CONDITIONS["other-host-key"], ...CONDITIONS.vulnerable } });
    quieten(mornings);
    const failed = {
      status: "FAILED",
      error: "HostKeyChangedError",
      cause: "www: another host key than the pinned one",
    };
    expect((await mornings.check()).outcome).toEqual(failed);
    expect((await mornings.check(1)).outcome).toEqual(failed);
    expect(mornings.mails().map(({ subject }) => subject)).toEqual(
      Array(2).fill("Updates: HOST KEY CHANGED on www"),
    );
    expect(mornings.mails()[0]?.text).not.toContain("curl");
  });

  it("nightshift itself cannot check a host: the rest is told, and the run fails", async () => {
    mornings = await openMornings(["ssm:GetParameters:InternalServerError:*"]);
    quieten(mornings);
    const run = await mornings.check();
    expect(run.outcome).toEqual({
      status: "FAILED",
      error: "HostsUncheckedError",
      cause: "mail, pkg, www: not checked, for a reason of our own",
    });
    expect(run.entered).toContain("MissHost");
    expect(mornings.mails()[0]?.subject).toBe("Updates: not checked: mail, pkg, www");
  });

  it("a mail is refused: the run fails; the next morning's own goes out all the same, and the first when it can", async () => {
    mornings = await openMornings(["ses:SendRawEmail:MessageRejected:2"], { www: CONDITIONS.vulnerable });
    quieten(mornings);
    const left = {
      status: "FAILED",
      error: "ReportsLeftError",
      cause: "MailRefusedError with the report of the check 2026-11-27T06:00:00.000Z",
    };
    expect((await mornings.check()).outcome).toEqual(left);
    await mornings.become({ mail: CONDITIONS.vulnerable });
    expect((await mornings.check(1)).outcome).toEqual(left);
    expect((await mornings.check(2)).outcome.status).toBe("SUCCEEDED");
    expect(mornings.mails().map(({ subject }) => subject.slice(0, 41))).toEqual([
      "Updates: 1 vulnerable package on mail; 3 ",
      "Updates: 1 vulnerable package on www; 3 p",
    ]);
  });

  it("a build cannot be started: the mail goes out, and the next morning starts it", async () => {
    mornings = await openMornings(["states:StartExecution:AccessDeniedException:1"]);
    await mornings.changeFleet((fleet) => ({
      ...fleet,
      updates: fleet.updates === undefined ? undefined : { ...fleet.updates, startBuild: true },
    }));
    await mornings.check();
    await mornings.become({ www: CONDITIONS["packages-pending"] });
    const run = await mornings.check(1);
    expect(run.outcome).toMatchObject({
      ...{ status: "FAILED", error: "ReportsLeftError" },
      cause: "AccessDeniedException with the report of the check 2026-11-28T06:00:00.000Z",
    });
    const updates = () => mornings.mails().filter(({ subject }) => subject.startsWith("Updates: "));
    const sent = updates().length;
    expect(updates().at(-1)?.text).toContain("* ");
    const next = await mornings.check(2);
    expect(next.outcome.status).toBe("SUCCEEDED");
    expect(next.tasks).toContain("StartBuilds");
    await mornings.scene.stage.started();
    expect(updates()).toHaveLength(sent);
  });

  it("the table cannot be read: nothing is begun", async () => {
    mornings = await openMornings(["dynamodb:GetItem:AccessDeniedException:1"]);
    const run = await mornings.check();
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "AccessDeniedException" });
    expect(run.tasks).toEqual(["PlanCheck"]);
  });
});
