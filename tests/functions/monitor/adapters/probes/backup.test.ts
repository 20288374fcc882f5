import { afterEach, describe, expect, test } from "@jest/globals";
import type { CheckResult } from "../../../../../functions/monitor/check-result.ts";
import { makeSshKey } from "../../../../../local/builder/ssh-key.ts";
import { closeServers, listen, saying } from "../../servers/loopback.ts";
import { closePipes, openPipeTo } from "../../servers/pipe.ts";
import {
  type Command,
  knownHost,
  openSshServer,
  printing,
  type SshServer,
} from "../../servers/ssh-server.ts";
import { measured } from "../../servers/stage.ts";

/** Long enough for a slow machine to have logged in. */
const SHORT = 4;

afterEach(async () => {
  await closeServers();
  await closePipes();
});

async function backUp(
  server: SshServer,
  change: Readonly<Record<string, unknown>> = {},
  key = server.userKey.private,
): Promise<CheckResult> {
  const pipe = await openPipeTo(server.port);
  const check = {
    kind: "backup",
    address: pipe.address,
    keyParameter: "/nightshift/pipes/SSH",
    sshKeyParameter: "/nightshift/ssh/canary",
    hostKey: server.hostKey,
    ...change,
  };
  const result = await measured(check, { sshKey: async () => key });
  await server.untilLeft();
  await pipe.untilLeft();
  return result;
}

interface Row {
  readonly why: string;
  readonly command: Command;
  readonly timeoutSeconds?: number;
  readonly verdict: string;
  readonly reason: string;
}

const ROWS: Row[] = [
  {
    why: "the canary came back",
    command: printing("restored 4096 bytes in 3 s\nand more\n"),
    verdict: "GOOD",
    reason: "backed up and read back: restored 4096 bytes in 3 s",
  },
  {
    why: "it says nothing, and ends well",
    command: printing(""),
    verdict: "GOOD",
    reason: "backed up and read back",
  },
  {
    why: "it ends with another status",
    command: printing("tarsnap: no such archive\n", 3),
    verdict: "FAILED",
    reason: "the command ended with status 3: tarsnap: no such archive",
  },
  {
    why: "it complains where errors go",
    command: (channel) => {
      channel.stderr.write("\x1b[31mdisk full\x1b[0m\n");
      channel.exit(1);
      channel.end();
    },
    verdict: "FAILED",
    reason: "the command ended with status 1: [31mdisk full [0m",
  },
  {
    why: "it is killed",
    command: (channel) => {
      channel.exit("KILL");
      channel.end();
    },
    verdict: "FAILED",
    reason: "the command was killed by SIGKILL",
  },
  {
    why: "its channel is closed without a word",
    command: (channel) => channel.close(),
    verdict: "FAILED",
    reason: "the connection ended before the command did",
  },
  {
    why: "it does not end",
    command: (channel) => channel.write("working\n"),
    timeoutSeconds: SHORT,
    verdict: "TIMED OUT",
    reason: "no answer in 4 s, waiting for the command to end",
  },
  {
    why: "it never stops printing",
    command: (channel) => {
      const go = () => {
        while (!channel.destroyed && channel.write("x".repeat(32_768)));
      };
      channel.on("drain", go);
      go();
    },
    verdict: "FAILED",
    reason: "the command printed more than 1024 KiB",
  },
];

describe("backup", () => {
  test.each(ROWS)("$verdict: $why", async ({ command, timeoutSeconds = 10, verdict, reason }) => {
    const server = await openSshServer(command);
    expect(await backUp(server, { timeoutSeconds })).toMatchObject({ verdict, reason });
    expect(server.ran).toEqual(["nightshift: nightshift-canary"]);
  });

  test("the user and the command are the check's", async () => {
    const server = await openSshServer(printing("ok\n"));
    await backUp(server, { user: "canary", command: "./canary --deep" });
    expect(server.ran).toEqual(["canary: ./canary --deep"]);
  });

  test("FAILED: another host is there, and nothing is run on it", async () => {
    const server = await openSshServer(printing("ok\n"));
    const hostKey = knownHost(makeSshKey("ed25519"));
    expect(await backUp(server, { hostKey })).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/^host key changed: the host key is SHA256:\S+, not the pinned one/),
    });
    expect(server.ran).toEqual([]);
  });

  test("FAILED: the host has no key of the pinned type any more, and nothing is run on it", async () => {
    const server = await openSshServer(printing("ok\n"));
    const hostKey = knownHost(makeSshKey("ecdsa"));
    expect(await backUp(server, { hostKey })).toMatchObject({
      verdict: "FAILED",
      reason: "host key changed: the host has no ecdsa-sha2-nistp256 key any more",
    });
    expect(server.ran).toEqual([]);
  });

  test("FAILED: the host does not know our key", async () => {
    const server = await openSshServer(printing("ok\n"));
    expect(await backUp(server, {}, makeSshKey("ed25519").private)).toMatchObject({
      verdict: "FAILED",
      reason: "sshd did not let nightshift in",
    });
  });

  test("FAILED: our key is none, and is not shown", async () => {
    const server = await openSshServer(printing("ok\n"));
    const result = await backUp(
      server,
      {},
      "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
    );
    expect(result).toMatchObject({
      verdict: "FAILED",
      reason: "the SSH key in /nightshift/ssh/canary cannot be used",
    });
  });

  test.each([
    {
      why: "another service",
      text: "220 mail\r\n".repeat(200),
      verdict: "TIMED OUT",
      reason: /in the SSH handshake$/,
    },
    {
      why: "an sshd that stops after its name",
      text: "SSH-2.0-x\r\n",
      verdict: "TIMED OUT",
      reason: /in the SSH handshake$/,
    },
  ])("$verdict: $why is behind the pipe", async ({ text, verdict, reason }) => {
    const target = await listen(saying(text));
    const pipe = await openPipeTo(target.port);
    const check = {
      kind: "backup",
      address: pipe.address,
      keyParameter: "/nightshift/pipes/SSH",
      sshKeyParameter: "/nightshift/ssh/canary",
      hostKey: knownHost(makeSshKey("ed25519")),
      timeoutSeconds: verdict === "TIMED OUT" ? SHORT : 10,
    };
    const sshKey = async () => makeSshKey("ed25519").private;
    expect(await measured(check, { sshKey })).toMatchObject({
      verdict,
      reason: expect.stringMatching(reason),
    });
    await target.untilLeft();
    await pipe.untilLeft();
  });
});
