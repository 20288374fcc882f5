import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { makeSshKey } from "../../../local/builder/ssh-key.ts";
import { keysOnDisk, parseAuthorizedKeys } from "../../../local/host/authorized-keys.ts";

const KEY = makeSshKey("ed25519").public.split(" ").slice(0, 2).join(" ");

describe("a line of authorized_keys", () => {
  it.each([
    [`${KEY} comment`, [undefined], "without options"],
    [`restrict,command="/bin/x" ${KEY} comment`, ["/bin/x"], "as the recipe writes it"],
    [`command="echo \\"a, b\\"",no-pty ${KEY}`, ['echo "a, b"'], "spaces and commas in quotes"],
    [`no-pty,from="10.0.0.0/8" ${KEY}`, [undefined], "options, and no command"],
    [`# ${KEY}`, [], "a comment"],
    ["ssh-ed25519 AAAAnonsense", [], "no key"],
    ["", [], "nothing"],
  ] satisfies [string, (string | undefined)[], string][])("%s → %j: %s", (line, commands, _why) => {
    expect(parseAuthorizedKeys(line).map(({ forcedCommand }) => forcedCommand)).toEqual(commands);
  });
});

describe("whom a host lets in", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "nightshift-keys-"));
    for (const folder of ["etc", "root/.ssh", "home/ec2-user/.ssh"])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "root/.ssh/authorized_keys"), `${KEY}\nrestrict,command="/x" ${KEY}\n`);
    writeFileSync(join(root, "home/ec2-user/.ssh/authorized_keys"), `${KEY}\n`);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const keys = (flags: string, user: string) => {
    return keysOnDisk(root, user, flags).map(({ forcedCommand }) => forcedCommand);
  };

  it.each([
    ["root", "-4 -o PermitRootLogin=forced-commands-only", ["/x"], "only keys that are bound to a command"],
    ["root", "-4", [], "FreeBSD lets root in by no key"],
    ["root", "-o PermitRootLogin=no", [], "nor when that is said"],
    ["root", "-o PermitRootLogin=prohibit-password", [undefined, "/x"], "any key"],
    ["ec2-user", "", [undefined], "by the key pair's key"],
    ["toor", "-o PermitRootLogin=yes", [], "nobody else"],
  ])("%s, with sshd_flags %j: %j (%s)", (user, flags, commands) => {
    expect(keys(flags, user)).toEqual(commands);
  });
});
