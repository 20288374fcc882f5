import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type BlackHole, openBlackHole } from "../../servers/black-hole.ts";
import {
  type Conduct,
  closeServers,
  endless,
  listen,
  refusedAddress,
  resetting,
  saying,
  sayingAndClosing,
  silent,
} from "../../servers/loopback.ts";
import { measured } from "../../servers/stage.ts";

const SHORT = 0.3;
let hole: BlackHole;
beforeAll(async () => {
  hole = await openBlackHole();
});
afterAll(() => hole.close());
afterEach(closeServers);

interface Row {
  readonly why: string;
  readonly conduct: Conduct;
  readonly expect?: string;
  readonly timeoutSeconds?: number;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: Row[] = [
  {
    why: "no greeting is asked for",
    conduct: silent,
    verdict: "GOOD",
    reason: /^127\.0\.0\.1:\d+ accepted the connection$/,
  },
  {
    why: "the greeting is right",
    conduct: saying("SSH-2.0-OpenSSH_9.9\r\n"),
    expect: "^SSH-2\\.0-OpenSSH_9\\.9$",
    verdict: "GOOD",
    reason: /^greeted: "SSH-2\.0-OpenSSH_9\.9"$/,
  },
  {
    why: "it comes in pieces",
    conduct: (socket) => {
      socket.write("SSH-");
      setTimeout(() => socket.write("2.0-x\nand more"), 20);
    },
    expect: "^SSH-2\\.0-x$",
    verdict: "GOOD",
    reason: /SSH-2\.0-x/,
  },
  {
    why: "the greeting is another's",
    conduct: saying("220 mail\r\n"),
    expect: "^SSH-",
    verdict: "FAILED",
    reason: /^greeting is "220 mail", expected \/\^SSH-\/$/,
  },
  {
    why: "it greets with control characters, which must not reach a terminal or a phone",
    conduct: saying("\x1b[2Jevil\x07\0\r\n"),
    expect: "^SSH-",
    verdict: "FAILED",
    reason: /^greeting is "\[2Jevil", expected/,
  },
  {
    why: "a line that never ends is cut and judged",
    conduct: endless("x".repeat(1000)),
    expect: "^y",
    verdict: "FAILED",
    reason: /^greeting is "x+…"/,
  },
  {
    why: "a line that was made for a careless pattern, which would take for ever",
    conduct: saying(`${"a".repeat(100)}b\r\n`),
    expect: "^(a+)+$",
    verdict: "FAILED",
    reason: /, and \/\^\(a\+\)\+\$\/ takes too long to try on it$/,
  },
  {
    why: "it closes in the middle of its greeting",
    conduct: sayingAndClosing("SSH-2"),
    expect: "^SSH-2",
    verdict: "FAILED",
    reason: /closed the connection, waiting for the greeting of 127\.0\.0\.1:\d+, after "SSH-2"$/,
  },
  {
    why: "it closes without a word",
    conduct: sayingAndClosing(""),
    expect: "^SSH-",
    verdict: "FAILED",
    reason: /^127\.0\.0\.1:\d+ closed the connection, waiting for the greeting of/,
  },
  {
    why: "it resets the connection",
    conduct: (socket) => setTimeout(() => socket.resetAndDestroy(), 20),
    expect: "^SSH-",
    verdict: "FAILED",
    reason: /^connection reset by 127\.0\.0\.1:\d+, waiting for the greeting of/,
  },
  {
    why: "it says nothing",
    conduct: silent,
    expect: "^SSH-",
    timeoutSeconds: SHORT,
    verdict: "TIMED OUT",
    reason: /^no answer in 0\.3 s, waiting for the greeting of 127\.0\.0\.1:\d+$/,
  },
];

describe("tcp", () => {
  test.each(ROWS)(
    "$verdict: $why",
    async ({ conduct, expect: pattern, timeoutSeconds = 10, verdict, reason }) => {
      const { address, untilLeft } = await listen(conduct);
      const check = {
        kind: "tcp",
        address,
        timeoutSeconds,
        ...(pattern === undefined ? {} : { expect: pattern }),
      };
      const result = await measured(check);
      expect(result).toEqual({
        verdict,
        reason: expect.stringMatching(reason),
        milliseconds: expect.any(Number),
      });
      expect(Number.isInteger(result.milliseconds)).toBe(true);
      await untilLeft(); // or the test runs out of time
    },
  );

  test("FAILED: nobody listens", async () => {
    const address = await refusedAddress();
    expect(await measured({ kind: "tcp", address })).toMatchObject({
      verdict: "FAILED",
      reason: `connection refused by ${address}`,
    });
  });

  test("TIMED OUT: packets are dropped", async () => {
    const { address } = hole;
    expect(await measured({ kind: "tcp", address, timeoutSeconds: SHORT })).toMatchObject({
      verdict: "TIMED OUT",
      reason: `no answer in 0.3 s, connecting to ${address}`,
    });
  });
});

describe("ping", () => {
  test.each([
    { why: "it accepts", conduct: silent },
    { why: "it resets afterwards", conduct: resetting("at once") },
  ])("GOOD: $why", async ({ conduct }) => {
    const { address, untilLeft } = await listen(conduct);
    expect(await measured({ kind: "ping", address })).toMatchObject({
      verdict: "GOOD",
      reason: expect.stringMatching(/^alive: \S+ (accepted|the) /),
    });
    await untilLeft();
  });

  test("GOOD: a refusal comes from somebody, too", async () => {
    const address = await refusedAddress();
    expect(await measured({ kind: "ping", address })).toMatchObject({
      verdict: "GOOD",
      reason: `alive: refused the connection to port ${address.split(":")[1]}`,
    });
  });

  test("TIMED OUT: nothing comes back", async () => {
    const { address } = hole;
    expect(await measured({ kind: "ping", address, timeoutSeconds: SHORT })).toMatchObject({
      verdict: "TIMED OUT",
      reason: `no answer in 0.3 s, connecting to ${address}`,
    });
  });
});
