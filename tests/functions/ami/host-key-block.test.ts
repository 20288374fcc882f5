import { describe, expect, test } from "@jest/globals";
import { parseHostKeys } from "../../../functions/ami/host-key-block.ts";

const ECDSA = `SHA256:${"e".repeat(43)}`;
const ED25519 = `SHA256:${"d".repeat(42)}/`;
const RSA = `SHA256:${"+".repeat(43)}`;
const LATER = `SHA256:${"L".repeat(43)}`;
const BEGIN = "ec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----";
const END = "ec2: -----END SSH HOST KEY FINGERPRINTS-----";
const HASHES = `ec2: ${"#".repeat(61)}`;

/** A line of `ssh-keygen -l` behind logger's prefix, as ec2_loghostkey prints it. */
const key = (fingerprint: string, type = "ED25519", comment = "root@freebsd") =>
  `ec2: 256 ${fingerprint} ${comment} (${type})`;

const console = (...lines: string[]) => lines.join("\r\n");

/** A whole boot, as a serial console shows it. */
const BOOT = console(
  "Loading /boot/defaults/loader.conf",
  "---<<BOOT>>---",
  "FreeBSD 15.1-RELEASE releng/15.1-n283562 GENERIC amd64",
  "nda0: <Amazon Elastic Block Store 1.0 vol0f00>",
  "Generating ED25519 host key.",
  `256 ${LATER} root@freebsd (ED25519)`, // sshd's own key generation prints the same form, outside of any block
  "Performing sanity check on sshd configuration.",
  "Starting sshd.",
  HASHES,
  BEGIN,
  key(ECDSA, "ECDSA"),
  key(ED25519),
  `ec2: 3072 ${RSA} root@freebsd (RSA)`,
  END,
  HASHES,
  "FreeBSD/amd64 (freebsd) (ttyu0)",
  "",
  "login: ",
);

describe("host keys on a console", () => {
  test("a whole boot gives its three keys, in order, and nothing from outside the block", () => {
    expect(parseHostKeys(BOOT)).toEqual([
      { type: "ECDSA", fingerprint: ECDSA },
      { type: "ED25519", fingerprint: ED25519 },
      { type: "RSA", fingerprint: RSA },
    ]);
  });

  const found: [why: string, text: string, fingerprints: string[]][] = [
    [
      "line feeds alone: GetConsoleOutput of a non-serial console",
      [BEGIN, key(ED25519), END].join("\n"),
      [ED25519],
    ],
    ["carriage returns alone", [BEGIN, key(ED25519), END].join("\r"), [ED25519]],
    [
      "\\r\\r\\n, which tty translation makes of \\r\\n",
      [BEGIN, key(ED25519), END].join("\r\r\n"),
      [ED25519],
    ],
    ["END at the very end, no line ending yet", console(BEGIN, key(ED25519), END), [ED25519]],
    [
      "kernel lines between the keys",
      console(BEGIN, "ena0: link state changed to UP", key(ED25519), "<6>pid 812 (sh)", key(RSA, "RSA"), END),
      [ED25519, RSA],
    ],
    [
      "a kernel line that mentions SHA256 is no key",
      console(BEGIN, "GELI: SHA256 hardware (AES-NI)", key(ED25519), END),
      [ED25519],
    ],
    [
      "two boots: the last complete block is the machine that runs now",
      console(BEGIN, key(ED25519), END, "---<<BOOT>>---", BEGIN, key(LATER), END),
      [LATER],
    ],
    [
      "a second boot that is still printing: the first block counts until the second is whole",
      console(BEGIN, key(ED25519), END, "---<<BOOT>>---", BEGIN, key(LATER)),
      [ED25519],
    ],
    [
      "a block that began again before its END: only the second beginning's keys",
      console(BEGIN, key(ED25519), "---<<BOOT>>---", BEGIN, key(LATER), END),
      [LATER],
    ],
    [
      "an empty second block does not wipe the first",
      console(BEGIN, key(ED25519), END, BEGIN, END),
      [ED25519],
    ],
    ["a comment with spaces", console(BEGIN, key(ED25519, "ED25519", "no comment"), END), [ED25519]],
    ["a comment with parentheses", console(BEGIN, key(ED25519, "ED25519", "root@vm (old)"), END), [ED25519]],
    [
      "cloud-init's prefix instead of ec2:",
      console(
        "cloud-init[512]: -----BEGIN SSH HOST KEY FINGERPRINTS-----",
        `cloud-init[512]: 256 ${ED25519} root@freebsd (ED25519)`,
        "cloud-init[512]: -----END SSH HOST KEY FINGERPRINTS-----",
      ),
      [ED25519],
    ],
    [
      "syslog's prefix with a time of day",
      console(
        `<14>Nov 22 04:01:07 freebsd ${BEGIN}`,
        `<14>Nov 22 04:01:07 freebsd ${key(ED25519)}`,
        `<14>x ${END}`,
      ),
      [ED25519],
    ],
    [
      "an MD5 block of an old release before the new one is passed over",
      console(
        BEGIN,
        "ec2: 1024 8a:e4:64:7b:c0:e1:f3:11:52:8b:3a:7a:4d:40:3f:aa root@vm (DSA)",
        END,
        BEGIN,
        key(RSA),
        END,
      ),
      [RSA],
    ],
    ["security keys have a hyphen in their type", console(BEGIN, key(ED25519, "ED25519-SK"), END), [ED25519]],
  ];
  test.each(found)("complete: %s", (_why, text, fingerprints) => {
    expect(parseHostKeys(text)?.map(({ fingerprint }) => fingerprint)).toEqual(fingerprints);
  });

  const incomplete: [why: string, text: string][] = [
    ["an empty console, as EC2 answers in the first minute", ""],
    ["a boot that has not come to sshd", console("---<<BOOT>>---", "nda0: <Amazon Elastic Block Store>")],
    ["END is missing: the next look will show more keys", console(BEGIN, key(ECDSA, "ECDSA"), key(ED25519))],
    [
      "BEGIN is missing: the console keeps 64 KiB only, so who knows what began the block",
      console(key(ED25519), END),
    ],
    ["a block without keys", console(BEGIN, END)],
    [
      "MD5 fingerprints only: SSH cannot be pinned to them",
      console(BEGIN, "ec2: 1024 8a:e4:64 root@vm (DSA)", END),
    ],
    [
      "a fingerprint that was cut short",
      console(BEGIN, `ec2: 256 SHA256:${"d".repeat(40)} root@vm (ED25519)`, END),
    ],
    ["a key line without its type: the kernel cut in", console(BEGIN, `ec2: 256 ${ED25519} root@free`, END)],
    ["keys outside of any block are anybody's words", console(key(ED25519), "login: ")],
  ];
  test.each(incomplete)("not complete: %s", (_why, text) => {
    expect(parseHostKeys(text)).toBeUndefined();
  });
});
