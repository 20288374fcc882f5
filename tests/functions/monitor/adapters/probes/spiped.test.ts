import { afterEach, describe, expect, test } from "@jest/globals";
import {
  type Conduct,
  closeServers,
  listen,
  refusedAddress,
  resetting,
  saying,
  sayingAndClosing,
  silent,
} from "../../servers/loopback.ts";
import { mailServer } from "../../servers/mail-server.ts";
import { closePipes, openPipeTo } from "../../servers/pipe.ts";
import { measured } from "../../servers/stage.ts";

const SHORT = 0.3;
const KEY = "/nightshift/pipes/SSH";
const OTHER_KEY = "/nightshift/pipes/OTHER";
const NONCE = "n".repeat(32);

afterEach(async () => {
  await closeServers();
  await closePipes();
});

/** What stands behind a pipe that is in order, and what the check says of it. */
interface Behind {
  readonly why: string;
  readonly conduct: Conduct;
  readonly check: Readonly<Record<string, unknown>>;
  readonly verdict: string;
  readonly reason: RegExp;
}

const BEHIND: Behind[] = [
  {
    why: "it greets anybody",
    conduct: silent,
    check: { kind: "spiped" },
    verdict: "GOOD",
    reason: /^spiped at 127\.0\.0\.1:\d+ greeted$/,
  },
  {
    why: "it has the key",
    conduct: silent,
    check: { kind: "spiped", keyParameter: KEY },
    verdict: "GOOD",
    reason: /^spiped at 127\.0\.0\.1:\d+ shook hands: it has the key$/,
  },
  {
    why: "it has another key",
    conduct: silent,
    check: { kind: "spiped", keyParameter: OTHER_KEY },
    verdict: "FAILED",
    reason: /^greeting came, but no handshake: wrong key, or the pipe's target is down$/,
  },
  {
    why: "the service behind it greets",
    conduct: saying("+OK ready\r\n"),
    check: { kind: "spiped", keyParameter: KEY, expect: "^\\+OK" },
    verdict: "GOOD",
    reason: /^greeted: "\+OK ready"$/,
  },
  {
    why: "another service is behind it",
    conduct: saying("220 mail\r\n"),
    check: { kind: "spiped", keyParameter: KEY, expect: "^\\+OK" },
    verdict: "FAILED",
    reason: /^greeting is "220 mail", expected \/\^\\\+OK\/$/,
  },
  {
    why: "the service behind it is silent",
    conduct: silent,
    check: { kind: "spiped", keyParameter: KEY, expect: "^\\+OK", timeoutSeconds: 3 },
    verdict: "TIMED OUT",
    reason: /^no answer in 3 s, connected to 127\.0\.0\.1:\d+, waiting for a greeting through the pipe$/,
  },
  {
    why: "the service behind it closes",
    conduct: sayingAndClosing(""),
    check: { kind: "spiped", keyParameter: KEY, expect: "^\\+OK" },
    verdict: "FAILED",
    reason: /closed the connection, connected to 127\.0\.0\.1:\d+, waiting for a greeting through the pipe$/,
  },
  {
    why: "sshd",
    conduct: saying("SSH-2.0-OpenSSH_9.9 FreeBSD\r\n"),
    check: { kind: "ssh", keyParameter: KEY },
    verdict: "GOOD",
    reason: /^sshd answered: "SSH-2\.0-OpenSSH_9\.9 FreeBSD"$/,
  },
  {
    why: "sshd after lines of its own",
    conduct: saying("Welcome\r\nto the machine\r\nSSH-1.99-OpenSSH\r\n"),
    check: { kind: "ssh", keyParameter: KEY },
    verdict: "GOOD",
    reason: /^sshd answered: "SSH-1\.99-OpenSSH"$/,
  },
  {
    why: "an sshd that is too old",
    conduct: saying("SSH-1.5-old\r\n"),
    check: { kind: "ssh", keyParameter: KEY },
    verdict: "FAILED",
    reason: /^sshd does not speak SSH 2: "SSH-1\.5-old"$/,
  },
  {
    why: "no sshd, but much to say",
    conduct: saying("no\r\n".repeat(60)),
    check: { kind: "ssh", keyParameter: KEY },
    verdict: "FAILED",
    reason: /sent 50 lines, and none of them was sshd's$/,
  },
  {
    why: "mail through the pipe",
    conduct: mailServer(),
    check: { kind: "smtp", security: "spiped", keyParameter: KEY },
    verdict: "GOOD",
    reason: /^mail server greeted, through the pipe: "mail\.example\.org ESMTP"$/,
  },
];

describe("through a pipe", () => {
  test.each(BEHIND)("$check.kind, $verdict: $why", async ({ conduct, check, verdict, reason }) => {
    const target = await listen(conduct);
    const pipe = await openPipeTo(target.port);
    const result = await measured({ address: pipe.address, ...check });
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await target.untilLeft();
    await pipe.untilLeft();
  });

  test("FAILED: the pipe's target is down", async () => {
    const nobody = await refusedAddress();
    const pipe = await openPipeTo(Number(nobody.split(":")[1]));
    const result = await measured({ kind: "spiped", address: pipe.address, keyParameter: KEY });
    expect(result).toMatchObject({
      verdict: "FAILED",
      reason: "greeting came, but no handshake: wrong key, or the pipe's target is down",
    });
  });

  test("FAILED: nobody listens", async () => {
    const address = await refusedAddress();
    for (const check of [{}, { keyParameter: KEY }])
      expect(await measured({ kind: "spiped", address, ...check })).toMatchObject({
        verdict: "FAILED",
        reason: `connection refused by ${address}`,
      });
  });

  test("FAILED: the key cannot be read, so nobody is asked", async () => {
    const server = await listen(silent);
    const key = () =>
      Promise.reject(new Error("there is no SSM parameter /nightshift/pipes/SSH in us-west-2"));
    const result = await measured({ kind: "ssh", address: server.address, keyParameter: KEY }, { key });
    expect(result).toEqual({
      verdict: "FAILED",
      reason: "there is no SSM parameter /nightshift/pipes/SSH in us-west-2",
      milliseconds: 0,
    });
    expect(server.connections).toBe(0);
  });
});

describe("what is no pipe", () => {
  const keyless = {};
  const keyed = { keyParameter: KEY };
  test.each([
    {
      why: "it says nothing",
      conduct: silent,
      check: keyless,
      verdict: "TIMED OUT",
      reason: /^no answer in 0\.3 s, waiting for the 32 bytes with which/,
    },
    {
      why: "it says nothing",
      conduct: silent,
      check: keyed,
      verdict: "TIMED OUT",
      reason: /^no answer in 0\.3 s, in the spiped handshake with/,
    },
    {
      why: "it greets, and no more",
      conduct: saying(NONCE),
      check: keyed,
      verdict: "TIMED OUT",
      reason: /^no answer in 0\.3 s, in the spiped handshake with/,
    },
    {
      why: "it greets too briefly",
      conduct: sayingAndClosing("SSH-2.0"),
      check: keyless,
      verdict: "FAILED",
      reason: /closed the connection before its greeting: it is not spiped, or full$/,
    },
    {
      why: "it greets at length",
      conduct: saying(NONCE.repeat(2)),
      check: keyless,
      verdict: "FAILED",
      reason: /does not speak spiped, or not with this key/,
    },
    {
      why: "it greets and closes",
      conduct: sayingAndClosing(NONCE),
      check: keyed,
      verdict: "FAILED",
      reason: /^greeting came, but no handshake/,
    },
    {
      why: "it answers with garbage",
      conduct: saying(NONCE + "x".repeat(288)),
      check: keyed,
      verdict: "FAILED",
      reason: /^no handshake with 127.*not signed with our key$/,
    },
    {
      why: "it resets",
      conduct: resetting("when spoken to"),
      check: keyed,
      verdict: "FAILED",
      reason: /closed the connection before its greeting/,
    },
  ])("$verdict: $why", async ({ conduct, check, verdict, reason }) => {
    const { address, untilLeft } = await listen(conduct);
    const timeoutSeconds = verdict === "TIMED OUT" ? SHORT : 10;
    const result = await measured({ kind: "spiped", address, timeoutSeconds, ...check });
    expect(result).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    await untilLeft();
  });
});
