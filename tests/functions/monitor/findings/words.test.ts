import { describe, expect, test } from "@jest/globals";
import { instant, quoted, seconds, span } from "../../../../functions/monitor/findings/finding.ts";
import {
  brokenConnection,
  noLookup,
  unresolvedName,
} from "../../../../functions/monitor/findings/network-reason.ts";
import { chainProblem, handshakeProblem } from "../../../../functions/monitor/findings/tls-reason.ts";

const PEER = "10.0.0.1:443";
const STAGE = "waiting for the greeting";

describe("what ended a connection", () => {
  test.each([
    ["ECONNREFUSED", "FAILED", "connection refused by 10.0.0.1:443"],
    ["ECONNRESET", "FAILED", "connection reset by 10.0.0.1:443, waiting for the greeting"],
    ["EPIPE", "FAILED", "connection to 10.0.0.1:443 broke, waiting for the greeting"],
    ["EHOSTUNREACH", "FAILED", "10.0.0.1 is unreachable: no route to the host"],
    ["ENETUNREACH", "FAILED", "10.0.0.1 is unreachable: no route to its network"],
    ["EHOSTDOWN", "FAILED", "10.0.0.1 is unreachable: the host is down"],
    ["ETIMEDOUT", "TIMED OUT", "the network gave 10.0.0.1:443 up, waiting for the greeting"],
    ["EMFILE", "FAILED", "connection to 10.0.0.1:443 failed, waiting for the greeting: its message"],
    [undefined, "FAILED", "connection to 10.0.0.1:443 failed, waiting for the greeting: its message"],
  ])("%s", (code, verdict, reason) => {
    expect(brokenConnection({ code, message: "its message" }, PEER, STAGE)).toEqual({ verdict, reason });
  });

  test.each([
    "socket hang up",
    "aborted",
    "Client network socket disconnected before secure TLS connection was established",
  ])("closed is not reset, though Node says so: %s", (message) => {
    const finding = brokenConnection({ code: "ECONNRESET", message }, PEER, STAGE);
    expect(finding.reason).toBe("10.0.0.1:443 closed the connection, waiting for the greeting");
  });

  test("of an IPv6 host its address is said without the port", () => {
    expect(brokenConnection({ code: "EHOSTUNREACH", message: "" }, "[2001:db8::1]:22", STAGE).reason).toBe(
      "[2001:db8::1] is unreachable: no route to the host",
    );
  });
});

describe("why a name gave nothing", () => {
  test.each([
    ["ENOTFOUND", "FAILED", "name not found: a.example (NXDOMAIN)"],
    ["ENODATA", "FAILED", "a.example has no address"],
    ["ESERVFAIL", "FAILED", "the name server failed on a.example (SERVFAIL)"],
    ["EREFUSED", "FAILED", "the name server refuses to answer for a.example (REFUSED)"],
    ["ETIMEOUT", "TIMED OUT", "the name server did not answer for a.example"],
    ["ECONNREFUSED", "FAILED", "the name server cannot be reached, asked for a.example"],
    ["EBADNAME", "FAILED", "a.example is no name that DNS could know"],
    ["EWHATEVER", "FAILED", "the name server gave no answer for a.example: its message"],
  ])("%s", (code, verdict, reason) => {
    expect(unresolvedName({ code, message: "its message" }, "a.example")).toEqual({ verdict, reason });
  });

  test.each(["EFORMERR", "ENOTIMP", "EBADRESP"])("%s names who was asked", (code) => {
    expect(noLookup({ code, message: "" }, "a.example", "192.0.2.53:53").reason).toContain("192.0.2.53:53 ");
  });
});

describe("TLS", () => {
  test.each([
    ["ERR_SSL_WRONG_VERSION_NUMBER", `${PEER} does not speak TLS`],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", `${PEER} refused the TLS handshake: protocol version`],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", `${PEER} refused the TLS handshake: handshake failure`],
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", `TLS handshake with ${PEER} failed: unsupported protocol`],
    ["EPROTO", `TLS handshake with ${PEER} failed: protocol error`],
    [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      `certificate of ${PEER}: it is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    ],
    ["ECONNRESET", undefined],
  ])("%s", (code, reason) => {
    expect(handshakeProblem({ code, message: "" }, PEER)).toBe(reason);
  });

  test("a code that we have no words for is said as it is", () => {
    expect(chainProblem("UNABLE_TO_GET_CRL")).toBe("it is not trusted (UNABLE_TO_GET_CRL)");
  });
});

describe("words", () => {
  test.each([
    ["a\r\nb\tc", "a b c", "control characters become one space"],
    ["\x1b[31mred\x1b[0m", "[31mred [0m", "no escape reaches a terminal"],
    ["a\u202eb\u2028c\u200bd", "a b c d", "nor what turns a line around or breaks it"],
    ["  x  ", "x", "trimmed"],
    ["x".repeat(100), `${"x".repeat(79)}…`, "cut"],
    ["😀".repeat(100), `${"😀".repeat(79)}…`, "cut between characters"],
    ["a\uFFFDb", "a?b", "bytes that are no text"],
  ])("%j", (text, line) => {
    expect(quoted(text)).toBe(line);
  });

  test.each([
    [40_000, "40 s"],
    [12 * 60_000, "12 min"],
    [3.14 * 3_600_000, "3.1 hours"],
    [47.9 * 3_600_000, "47.9 hours"],
    [5.25 * 86_400_000, "5.3 days"],
  ])("%d ms", (milliseconds, words) => {
    expect(span(milliseconds)).toBe(words);
  });

  test("seconds and instants", () => {
    expect([seconds(10), seconds(0.3)]).toEqual(["10 s", "0.3 s"]);
    expect(instant(new Date("2026-11-27T03:00:59Z"))).toBe("2026-11-27 03:00 UTC");
  });
});
