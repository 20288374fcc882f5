import { describe, expect, it } from "@jest/globals";
import type { HostCondition } from "../../../local/host/condition.ts";
import { freebsdUpdateFetch, freebsdUpdateReady } from "../../../local/host/formats/freebsd-update.ts";

const RUNNING = "14.3-RELEASE-p2";
const BEGUN = `src component not installed, skipped
Looking up update.FreeBSD.org mirrors... 3 mirrors found.
Fetching metadata signature for 14.3-RELEASE from update2.freebsd.org... done.
Fetching metadata index... done.
`;
const INSPECTED = `${BEGUN}Inspecting system... done.
Preparing to download files... done.
`;

/** Each row: the condition, the exit status, and all of the output. */
const ROWS: readonly (readonly [why: string, condition: HostCondition, status: number, stdout: string])[] = [
  ["up to date", {}, 0, `${INSPECTED}\nNo updates needed to update system to 14.3-RELEASE-p2.\n`],
  [
    "pending files, with the release on a line of its own",
    { baseUpdate: { to: "14.3-RELEASE-p4", updated: ["/usr/lib/libz.so.6"], added: ["/usr/lib/new"] } },
    0,
    `${INSPECTED}Fetching 2 patches.... done.
Applying patches... done.
The following files will be added as part of updating to
14.3-RELEASE-p4:
/usr/lib/new
The following files will be updated as part of updating to
14.3-RELEASE-p4:
/usr/lib/libz.so.6
`,
  ],
  [
    "the release has ended: status 1, although nothing is pending",
    { endOfLife: { passed: "Tue Jun 30 23:59:59 UTC 2026" } },
    1,
    `${INSPECTED}
No updates needed to update system to 14.3-RELEASE-p2.

WARNING: FreeBSD 14.3-RELEASE-p2 HAS PASSED ITS END-OF-LIFE DATE.
Any security issues discovered after Tue Jun 30 23:59:59 UTC 2026
will not have been corrected.
`,
  ],
  [
    "the release will end",
    { endOfLife: { within: "2 months" } },
    0,
    `${INSPECTED}
No updates needed to update system to 14.3-RELEASE-p2.

WARNING: FreeBSD 14.3-RELEASE-p2 is approaching its End-of-Life date.
It is strongly recommended that you upgrade to a newer
release within the next 2 months.
`,
  ],
  [
    "a mirror that is behind",
    { updateServer: "older" },
    1,
    `${BEGUN}Files on mirror (14.3-RELEASE-p0) appear older than what
we are currently running (14.3-RELEASE-p2)!
Cowardly refusing to proceed any further.
`,
  ],
];

describe("what freebsd-update fetch prints", () => {
  it.each(ROWS)("%s", (_why, condition, status, stdout) => {
    expect(freebsdUpdateFetch(RUNNING, condition)).toEqual({ status, stdout });
  });

  it("says that files were changed here", () => {
    const baseUpdate = { to: "14.3-RELEASE-p4", modified: ["/etc/ssh/sshd_config"] };
    expect(freebsdUpdateFetch(RUNNING, { baseUpdate }).stdout).toContain("locally:\n/etc/ssh/sshd_config\n");
  });

  it("gives up without mirrors, or over a half-done upgrade", () => {
    expect(freebsdUpdateFetch(RUNNING, { updateServer: "broken" })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("No mirrors remaining, giving up.\n"),
    });
    expect(freebsdUpdateFetch(RUNNING, { halfUpgraded: true })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("You have a partially completed upgrade pending\n"),
    });
  });
});

it("updatesready ends with 2 when nothing was fetched", () => {
  expect(freebsdUpdateReady({})).toEqual({ status: 2, stdout: "No updates are available to install.\n" });
  expect(freebsdUpdateReady({ baseUpdate: { to: "14.3-RELEASE-p4" } }).status).toBe(0);
});
