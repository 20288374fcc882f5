import { describe, expect, test } from "@jest/globals";
import type { BaseUpdates } from "../../../../functions/updates/findings.ts";
import { readFreebsdUpdate } from "../../../../functions/updates/parsing/freebsd-update.ts";
import { section } from "./sections.ts";

/** A mail of freebsd-update's as users quoted it: release in the header's line, end of life, status 1. */
const OLD_FORM = `Looking up update.FreeBSD.org mirrors... 5 mirrors found.
Fetching metadata signature for 9.2-RELEASE from update6.freebsd.org... done.
Fetching metadata index... done.
Inspecting system... done.
Preparing to download files... done.

The following files will be added as part of updating to 9.2-RELEASE-p17:
/usr/src/contrib/bind9/lib/isc/counter.c

The following files will be updated as part of updating to 9.2-RELEASE-p17:
/boot/kernel/linker.hints

WARNING: FreeBSD 9.2-RELEASE-p15 HAS PASSED ITS END-OF-LIFE DATE.
Any security issues discovered after Thu Jan  1 08:00:00 CST 2015
will not have been corrected.
`;

/** The form of today: the release has a line of its own. */
const NEW_FORM = `Inspecting system... done.
Preparing to download files... done.
Fetching 8 patches..... done.
Applying patches... done.
The following files will be updated as part of updating to
13.1-RELEASE-p2:
/usr/lib32/lib9p.a
/usr/lib32/libz.so.6
`;

const FETCHING = `src component not installed, skipped
Looking up update.FreeBSD.org mirrors... 3 mirrors found.
Fetching public key from update2.freebsd.org... done.
Fetching metadata signature for 14.3-RELEASE from update2.freebsd.org... done.
Fetching metadata index... done.
Fetching 2 metadata files... done.
Inspecting system... done.
Preparing to download files... done.
`;
const UP_TO_DATE = `${FETCHING}
No updates needed to update system to 14.3-RELEASE-p2.
`;
const KEPT = `The following files are affected by updates. No changes have
been downloaded, however, because the files have been modified
locally:
/etc/ssh/sshd_config
/etc/syslog.conf
`;
const NEAR_END = `
WARNING: FreeBSD 14.3-RELEASE-p2 is approaching its End-of-Life date.
It is strongly recommended that you upgrade to a newer
release within the next 3 weeks.
`;
const PAST_END = `
WARNING: FreeBSD 14.3-RELEASE-p2 HAS PASSED ITS END-OF-LIFE DATE.
Any security issues discovered after Wed Jul  1 00:00:00 UTC 2026
will not have been corrected.
`;
const LISTS = `The following files will be removed as part of updating to
14.3-RELEASE-p3:
/usr/old
The following files will be added as part of updating to
14.3-RELEASE-p3:
/usr/new
The following files will be updated as part of updating to
14.3-RELEASE-p3:
/bin/sh
/bin/ls
`;

describe("what freebsd-update fetch says", () => {
  const said: [why: string, text: string, status: number, value: BaseUpdates][] = [
    [
      "the old form, of a release past its end: status 1 although all went well",
      OLD_FORM,
      1,
      {
        to: "9.2-RELEASE-p17",
        files: 2,
        notes: [
          "FreeBSD 9.2-RELEASE-p15 HAS PASSED ITS END-OF-LIFE DATE. Any security issues discovered after " +
            "Thu Jan  1 08:00:00 CST 2015 will not have been corrected.",
        ],
      },
    ],
    ["the new form", NEW_FORM, 0, { to: "13.1-RELEASE-p2", files: 2, notes: [] }],
    ["up to date", UP_TO_DATE, 0, { notes: [] }],
    [
      "removed, added and updated, with no empty line between",
      FETCHING + LISTS,
      0,
      { to: "14.3-RELEASE-p3", files: 4, notes: [] },
    ],
    [
      "files that were changed locally are kept, and are no updates",
      `${FETCHING}${KEPT}\nNo updates needed to update system to 14.3-RELEASE-p2.\n`,
      0,
      { keptFiles: ["/etc/ssh/sshd_config", "/etc/syslog.conf"], notes: [] },
    ],
    [
      "kept files and updates: a list ends where the next begins",
      FETCHING + KEPT + LISTS,
      0,
      { to: "14.3-RELEASE-p3", files: 4, keptFiles: ["/etc/ssh/sshd_config", "/etc/syslog.conf"], notes: [] },
    ],
    [
      "soon at its end, up to date",
      UP_TO_DATE + NEAR_END,
      0,
      {
        notes: [
          "FreeBSD 14.3-RELEASE-p2 is approaching its End-of-Life date. It is strongly recommended that you " +
            "upgrade to a newer release within the next 3 weeks.",
        ],
      },
    ],
    [
      "past its end, up to date: status 1, and nothing to install",
      UP_TO_DATE + PAST_END,
      1,
      { notes: [expect.stringContaining("HAS PASSED ITS END-OF-LIFE DATE") as unknown as string] },
    ],
    [
      "one mirror that failed does not matter when the next did",
      UP_TO_DATE.replace(
        "Fetching public key from update2.freebsd.org... done.",
        "Fetching public key from update1.freebsd.org... failed.\nFetching public key from update2.freebsd.org... done.",
      ),
      0,
      { notes: [] },
    ],
  ];
  test.each(said)("%s", (_why, text, status, value) => {
    expect(readFreebsdUpdate(section(text, status))).toEqual({ value });
  });
});

describe("what is a problem, and never up to date", () => {
  const problems: [why: string, text: string, status: number, problem: RegExp][] = [
    ["nothing printed", "", 0, /said nothing/],
    [
      "up to date, since there was no room to write down what is not",
      UP_TO_DATE.replace(
        "Inspecting system... ",
        "Inspecting system... sort: /tmp/x: No space left on device\n",
      ),
      0,
      /disk is full/,
    ],
    [
      "up to date, on a disk that cannot be written to",
      `rm: INDEX-NEW: Read-only file system\n${UP_TO_DATE}`,
      0,
      /disk is full or cannot be written to/,
    ],
    ["it stopped somewhere", FETCHING, 0, /nobody understands/],
    ["status 1 without an end of life", UP_TO_DATE, 1, /status 1/],
    ["status 1, and an end that is only near", UP_TO_DATE + NEAR_END, 1, /status 1/],
    ["status 75 of something that spoke is not the lock's", "out of luck\n", 75, /status 75/],
    ["status 2 is of updatesready, which is not run", UP_TO_DATE, 2, /status 2/],
    ["too long: what is there is not all", UP_TO_DATE, 124, /took too long/],
    [
      "no mirrors, with the reason",
      "Fetching public key from update1.freebsd.org... failed.\nNo mirrors remaining, giving up.\n\nThis may be because",
      1,
      /no mirror .*update1\.freebsd\.org\.\.\. failed/,
    ],
    [
      "a key that is another one",
      "Fetching public key from update1.freebsd.org... key has incorrect hash.\nNo mirrors remaining, giving up.\n",
      1,
      /incorrect hash/,
    ],
    [
      "a signature that is none",
      "Fetching metadata signature for 14.3-RELEASE from update1.freebsd.org... invalid signature.\nNo mirrors remaining, giving up.\n",
      1,
      /invalid signature/,
    ],
    [
      "older than what runs",
      "Files on mirror (14.3-RELEASE-p1) appear older than what we are currently running (14.3-RELEASE-p2)!\nCowardly refusing to proceed any further.\n",
      1,
      /older files than the host runs/,
    ],
    [
      "older than before",
      "Files on mirror (14.3-RELEASE-p1) are older than the most recently seen updates (14.3-RELEASE-p2).\nCowardly refusing to proceed any further.\n",
      1,
      /older files than it had before/,
    ],
    [
      "metadata that fails its check",
      "The update metadata index is correctly signed, but\nfailed an integrity check (x).\nCowardly refusing to proceed any further.\n",
      1,
      /refused to proceed/,
    ],
    ["metadata index that never came", "Fetching metadata index... failed.\n", 1, /failed/],
    [
      "no terminal",
      "freebsd-update fetch should not be run non-interactively.\nRun freebsd-update cron instead.\n",
      1,
      /without a terminal/,
    ],
    [
      "a base of packages",
      "freebsd-update is incompatible with the use of packaged base.  Please see\nhttps://wiki.freebsd.org/PkgBase for more information.\n",
      1,
      /made of packages/,
    ],
    [
      "an upgrade half done",
      "You have a partially completed upgrade pending\nRun 'freebsd-update [options] install' first.\n",
      1,
      /half done/,
    ],
    ["a wrong option, which exits 0", "usage: freebsd-update [options] command ...\n", 0, /its own options/],
    [
      "updatesready's words, which do not say that there are none",
      "No updates are available to install.\n",
      0,
      /nobody understands/,
    ],
    [
      "a sentence in another place",
      "/No updates needed to update system to 14.3-RELEASE-p2.\n",
      0,
      /nobody understands/,
    ],
    ["a sentence without its release", "No updates needed to update system to .\n", 0, /nobody understands/],
    ["both sentences", `${UP_TO_DATE}Cowardly refusing to proceed any further.\n`, 0, /refused/],
    [
      "up to date, with a list without files",
      `${UP_TO_DATE}The following files will be updated as part of updating to\n14.3-RELEASE-p3:\n`,
      0,
      /nobody understands/,
    ],
    [
      "two releases at once",
      FETCHING + LISTS.replace("14.3-RELEASE-p3:\n/bin/sh", "14.4-RELEASE:\n/bin/sh"),
      0,
      /nobody understands/,
    ],
    ["no such program", "", 127, /no freebsd-update/],
    ["another one was running (lockf)", "", 75, /another freebsd-update was running/],
  ];
  test.each(problems)("%s", (_why, text, status, problem) => {
    expect(readFreebsdUpdate(section(text, status))).toEqual({ problem: expect.stringMatching(problem) });
  });

  test("an output that was cut says up to date no more, and of updates that there are more", () => {
    expect(readFreebsdUpdate(section(UP_TO_DATE, 0, true))).toHaveProperty("problem");
    expect(readFreebsdUpdate(section(FETCHING + LISTS, 0, true))).toEqual({
      value: {
        to: "14.3-RELEASE-p3",
        files: 4,
        notes: ["the list of files was too long to be read to its end"],
      },
    });
  });

  test("of kept files there are no more than anybody reads", () => {
    const many = Array.from({ length: 1000 }, (_, number) => `/etc/${number}\n`).join("");
    const found = readFreebsdUpdate(
      section(`${KEPT}${many}\nNo updates needed to update system to 14.3-RELEASE-p2.\n`),
    );
    const { keptFiles } = "value" in found ? found.value : {};
    expect(keptFiles).toHaveLength(51);
    expect(keptFiles?.at(-1)).toBe("and 952 more files");
  });
});
