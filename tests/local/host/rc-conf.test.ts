import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isOn, rcPipes, readRcConf } from "../../../local/host/rc-conf.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nightshift-rc-"));
  mkdirSync(join(root, "etc"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function read(text: string): Record<string, string> {
  writeFileSync(join(root, "etc/rc.conf"), text);
  return Object.fromEntries(readRcConf(root));
}

describe("rc.conf", () => {
  it.each([
    ['a="one two"', "one two", "in double quotes, as sysrc writes it"],
    ["a='one two'", "one two", "in single quotes"],
    ["a=one", "one", "bare"],
    ['a="say \\"x\\" \\$y"', 'say "x" $y', "what sysrc escapes"],
    ["a=one\na=two", "two", "the last one counts"],
    ["# a=no\n  a=no\na=yes", "yes", "comments and indented lines are none"],
  ])("%j is %j: %s", (text, value) => {
    expect(read(text)).toEqual({ a: value });
  });

  it.each([
    ["YES", true],
    ["on", true],
    ["1", true],
    ["NO", false],
    ["maybe", false],
  ])("%s is on: %s", (value, on) => {
    expect(isOn(new Map([["x_enable", value]]), "x_enable")).toBe(on);
  });
});

describe("pipes that rc.d/spiped starts", () => {
  const pipes = (changes: Record<string, string> = {}) =>
    rcPipes(
      new Map(
        Object.entries({
          spiped_enable: "YES",
          spiped_pipes: "SSH",
          spiped_pipe_SSH_mode: "decrypt",
          spiped_pipe_SSH_source: "[0.0.0.0]:8022",
          spiped_pipe_SSH_target: "[127.0.0.1]:22",
          spiped_pipe_SSH_key: "/usr/local/etc/spiped/SSH.key",
          spiped_pipe_SSH_flags: "-g",
          ...changes,
        }),
      ),
    );

  it("have the options of the port's script", () => {
    expect(pipes().map(({ name, options }) => [name, options.join(" ")])).toEqual([
      [
        "SSH",
        "-d -s [0.0.0.0]:8022 -t [127.0.0.1]:22 -k /usr/local/etc/spiped/SSH.key -D -u spiped:spiped -p /var/run/spiped_SSH.pid -g",
      ],
    ]);
  });

  it("are none where the service is off", () => {
    expect(pipes({ spiped_enable: "NO" })).toEqual([]);
  });

  it("leave out one without a valid mode, and take the old words for modes", () => {
    expect(pipes({ spiped_pipe_SSH_mode: "both" })).toEqual([]);
    expect(pipes({ spiped_pipe_SSH_mode: "client" })[0]?.options[0]).toBe("-e");
    expect(pipes({ spiped_pipe_SSH_mode: "server" })[0]?.options[0]).toBe("-d");
  });
});
