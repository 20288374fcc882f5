import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { makeAuthority } from "../../servers/certificates.ts";
import {
  attend,
  type Conduct,
  closeServers,
  endless,
  listen,
  resetting,
  saying,
  sayingAndClosing,
  silent,
} from "../../servers/loopback.ts";
import { measured } from "../../servers/stage.ts";

const SHORT = 0.3;
const MIB = 1024 * 1024;
const HOUR = 3_600_000;

afterEach(closeServers);

interface Row {
  readonly why: string;
  readonly answer: RequestListener | Conduct;
  readonly check?: Readonly<Record<string, unknown>>;
  readonly verdict: string;
  readonly reason: RegExp;
}

/** Pages of a proper web server. */
const PAGES: Row[] = [
  {
    why: "a page",
    answer: (_, response) => response.end("hello"),
    verdict: "GOOD",
    reason: /^status 200 in \d+ ms: connect \d+, first byte \d+, rest \d+$/,
  },
  {
    why: "another status",
    answer: (_, response) => response.writeHead(503).end(),
    verdict: "FAILED",
    reason: /^status 503, expected 200$/,
  },
  {
    why: "one of several statuses",
    answer: (_, response) => response.writeHead(401).end(),
    check: { status: [200, 401] },
    verdict: "GOOD",
    reason: /^status 401 in /,
  },
  {
    why: "none of several statuses",
    answer: (_, response) => response.writeHead(404).end(),
    check: { status: [200, 401] },
    verdict: "FAILED",
    reason: /^status 404, expected 200 or 401$/,
  },
  {
    why: "the text is there",
    answer: (_, response) => response.end("all is wéll here"),
    check: { contains: "wéll" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "the text is not there, and what is there is not shown",
    answer: (_, response) => response.end("password=hunter2"),
    check: { contains: "wéll" },
    verdict: "FAILED",
    reason: /^status 200, but the page does not contain "wéll"$/,
  },
  {
    why: "the pattern matches",
    answer: (_, response) => response.end("version 17"),
    check: { matches: "version \\d+$" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "the pattern does not match",
    answer: (_, response) => response.end("version x"),
    check: { matches: "version \\d+$" },
    verdict: "FAILED",
    reason: /^status 200, but the page does not match \/version \\d\+\$\/$/,
  },
  {
    why: "a redirect is not followed",
    answer: (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    verdict: "FAILED",
    reason: /^status 302, expected 200$/,
  },
  {
    why: "the redirect that is expected",
    answer: (_, response) => response.writeHead(301, { location: "https://example.org/new" }).end(),
    check: { redirectsTo: "https://example.org/new" },
    verdict: "GOOD",
    reason: /^status 301/,
  },
  {
    why: "another redirect, whose query is nobody's business",
    answer: (_, response) =>
      response.writeHead(301, { location: "https://evil.example/x?token=hunter2" }).end(),
    check: { redirectsTo: "https://example.org/new?key=hunter3" },
    verdict: "FAILED",
    reason: /^redirects to https:\/\/evil\.example\/x, expected a redirect to https:\/\/example\.org\/new$/,
  },
  {
    why: "only the query differs",
    answer: (_, response) => response.writeHead(301, { location: "https://example.org/new?a=1" }).end(),
    check: { redirectsTo: "https://example.org/new?a=2" },
    verdict: "FAILED",
    reason: /^redirects to https:\/\/example\.org\/new with another query than expected$/,
  },
  {
    why: "no redirect at all",
    answer: (_, response) => response.end("a page"),
    check: { redirectsTo: "https://example.org/new" },
    verdict: "FAILED",
    reason: /^status 200, expected a redirect to https:\/\/example\.org\/new$/,
  },
  {
    why: "a redirect to nowhere",
    answer: (_, response) => response.writeHead(302).end(),
    check: { redirectsTo: "https://example.org/" },
    verdict: "FAILED",
    reason: /^status 302 without a Location/,
  },
  {
    why: "a page of just the limit",
    answer: (_, response) => response.end("x".repeat(MIB)),
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "a page that is too long",
    answer: (_, response) => response.end("x".repeat(MIB + 1)),
    verdict: "FAILED",
    reason: /^the page is longer than 1024 KiB$/,
  },
  {
    why: "a page that never ends",
    answer: (_, response) => {
      const go = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", go);
      go();
    },
    verdict: "FAILED",
    reason: /^the page is longer than 1024 KiB$/,
  },
  {
    why: "a slow page",
    answer: (_, response) => setTimeout(() => response.end("late"), 60),
    check: { slowMilliseconds: 50 },
    verdict: "FAILED",
    reason: /^slow: \d+ ms \(limit 50 ms\): connect \d+, first byte \d+, rest \d+$/,
  },
  {
    why: "no answer",
    answer: () => undefined,
    check: { timeoutSeconds: SHORT },
    verdict: "TIMED OUT",
    reason: /^no answer in 0\.3 s, waiting for the first byte of 127\.0\.0\.1:\d+$/,
  },
  {
    why: "the page stops in the middle",
    answer: (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
    },
    check: { timeoutSeconds: SHORT },
    verdict: "TIMED OUT",
    reason: /^no answer in 0\.3 s, reading the page from 127\.0\.0\.1:\d+$/,
  },
  {
    why: "the connection ends in the middle",
    answer: (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    },
    verdict: "FAILED",
    reason: /^127\.0\.0\.1:\d+ closed the connection, reading the page/,
  },
];

/** Servers that are none. */
const OTHERS: Row[] = [
  {
    why: "not HTTP",
    answer: saying("SSH-2.0-OpenSSH\r\n\r\n"),
    verdict: "FAILED",
    reason: /^127\.0\.0\.1:\d+ does not speak HTTP: /,
  },
  {
    why: "it closes",
    answer: sayingAndClosing(""),
    verdict: "FAILED",
    reason: /closed the connection, waiting for the first byte/,
  },
  {
    why: "it resets",
    answer: resetting("when spoken to"),
    verdict: "FAILED",
    reason: /^connection reset by 127\.0\.0\.1:\d+, waiting for the first byte/,
  },
  {
    why: "it says nothing",
    answer: silent,
    check: { timeoutSeconds: SHORT },
    verdict: "TIMED OUT",
    reason: /waiting for the first byte/,
  },
  {
    why: "headers without an end",
    answer: endless("X-More: and more\r\n", "HTTP/1.1 200 OK\r\n"),
    verdict: "FAILED",
    reason: /sent headers without an end$/,
  },
  {
    why: "a body until the connection ends",
    answer: sayingAndClosing("HTTP/1.0 200 OK\r\n\r\nold but good"),
    check: { contains: "old but good" },
    verdict: "GOOD",
    reason: /^status 200/,
  },
  {
    why: "another protocol instead of an answer",
    answer: saying("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
    verdict: "FAILED",
    reason: /changed to another protocol$/,
  },
  {
    why: "interim answers are passed over",
    answer: sayingAndClosing("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    verdict: "GOOD",
    reason: /^status 200/,
  },
];

describe("http", () => {
  test.each(PAGES)("$verdict: $why", async ({ answer, check, verdict, reason }) => {
    const { port, untilLeft } = await attend(createServer(answer as RequestListener));
    const result = await measured({ kind: "http", url: `http://127.0.0.1:${port}/page?q=1`, ...check });
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await untilLeft();
  });

  test.each(OTHERS)("$verdict: $why", async ({ answer, check, verdict, reason }) => {
    const { port, untilLeft } = await listen(answer as Conduct);
    const result = await measured({ kind: "http", url: `http://127.0.0.1:${port}/`, ...check });
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await untilLeft();
  });

  test("what is asked is said openly, on a connection of its own", async () => {
    const asked: unknown[] = [];
    const server = await attend(
      createServer((request, response) => {
        asked.push([request.method, request.url, request.headers]);
        response.end();
      }),
    );
    const url = `http://me:s3cret@127.0.0.1:${server.port}/a/b?c=d`;
    for (let time = 0; time < 2; time += 1) await measured({ kind: "http", url });
    const headers = {
      host: server.address,
      "user-agent": "nightshift-monitor",
      accept: "*/*",
      "accept-encoding": "identity",
      connection: "close",
      authorization: `Basic ${Buffer.from("me:s3cret").toString("base64")}`,
    };
    expect(asked).toEqual(Array(2).fill(["GET", "/a/b?c=d", headers]));
    expect(server.connections).toBe(2);
  });
});

describe("https", () => {
  const authority = makeAuthority("The Test's Authority");
  const now = Date.now();
  const term = { from: new Date(now - HOUR), to: new Date(now + HOUR) };
  const former = getCACertificates("default");
  beforeAll(() => setDefaultCACertificates([...former, authority.cert]));
  afterAll(() => setDefaultCACertificates(former));

  test.each([
    {
      why: "a certificate that is trusted",
      certificate: authority.issue({ names: ["127.0.0.1"], ...term }),
      verdict: "GOOD",
      reason: /^status 200 in \d+ ms: connect \d+, TLS \d+, first byte \d+, rest \d+$/,
    },
    {
      why: "of another name",
      certificate: authority.issue({ names: ["other.example"], ...term }),
      verdict: "FAILED",
      reason:
        /^certificate of 127\.0\.0\.1:\d+ is for another name: IP: 127\.0\.0\.1 is not in the cert's list/,
    },
    {
      why: "that has ended",
      certificate: authority.issue({
        names: ["127.0.0.1"],
        from: new Date(now - 2 * HOUR),
        to: new Date(now - HOUR),
      }),
      verdict: "FAILED",
      reason: /^certificate of 127\.0\.0\.1:\d+: it, or one of its chain, has ended \(CERT_HAS_EXPIRED\)$/,
    },
    {
      why: "of an authority that nobody trusts",
      certificate: makeAuthority("Nobody's").issue({ names: ["127.0.0.1"], ...term }),
      verdict: "FAILED",
      reason: /no trusted authority is behind it.* \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
    },
  ])("$verdict: $why", async ({ certificate, verdict, reason }) => {
    const server = createSecureServer(certificate, (_, response) => response.end("secure"));
    server.on("tlsClientError", () => undefined);
    const { port, untilLeft } = await attend(server);
    const result = await measured({ kind: "http", url: `https://127.0.0.1:${port}/` });
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await untilLeft();
  });

  test("FAILED: the port speaks plain HTTP", async () => {
    const { port } = await attend(createServer((_, response) => response.end()));
    expect(await measured({ kind: "http", url: `https://127.0.0.1:${port}/` })).toMatchObject({
      verdict: "FAILED",
      reason: `127.0.0.1:${port} does not speak TLS`,
    });
  });

  test("TIMED OUT: the handshake gets no answer", async () => {
    const { port, untilLeft } = await listen(silent);
    const url = `https://127.0.0.1:${port}/`;
    expect(await measured({ kind: "http", url, timeoutSeconds: SHORT })).toMatchObject({
      verdict: "TIMED OUT",
      reason: `no answer in 0.3 s, in the TLS handshake with 127.0.0.1:${port}`,
    });
    await untilLeft();
  });
});
