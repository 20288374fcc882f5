import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Issued, makeAuthority, selfSigned } from "../../servers/certificates.ts";
import {
  attend,
  closeServers,
  listen,
  resetting,
  saying,
  sayingAndClosing,
  silent,
} from "../../servers/loopback.ts";
import { measured } from "../../servers/stage.ts";

const DAY = 86_400_000;
const SECOND = 1000; // the resolution of a certificate's dates
const now = new Date(Math.floor(Date.now() / SECOND) * SECOND);
const authority = makeAuthority("The Test's Authority");
const former = getCACertificates("default");
beforeAll(() => setDefaultCACertificates([...former, authority.cert]));
afterAll(() => setDefaultCACertificates(former));
afterEach(closeServers);

/** Of so many days in all, so many are left. */
function term(days: number, left: number) {
  return { from: new Date(now.getTime() - (days - left) * DAY), to: new Date(now.getTime() + left * DAY) };
}

const names = ["www.example.org"];
const intermediate = authority.intermediate("In Between");
const below = intermediate.issue({ names, ...term(90, 60) });

interface Row {
  readonly why: string;
  readonly certificate: Issued;
  readonly check?: Readonly<Record<string, unknown>>;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: Row[] = [
  {
    why: "most of its lifetime is left",
    certificate: authority.issue({ names, ...term(90, 61.2) }),
    verdict: "GOOD",
    reason: /^certificate ends in 61\.2 days, 68 % of its lifetime; TLSv1\.3$/,
  },
  {
    why: "of 90 days 18 are left",
    certificate: authority.issue({ names, ...term(90, 18) }),
    verdict: "FAILED",
    reason: /^certificate ends in 18 days, 20 % of its lifetime \(limit 25 %\)$/,
  },
  {
    why: "just so much is left",
    certificate: authority.issue({ names, ...term(100, 25) }),
    verdict: "GOOD",
    reason: /^certificate ends in 25 days, 25 % of its lifetime/,
  },
  {
    why: "of six days three are left, which is much",
    certificate: authority.issue({ names, ...term(6, 3) }),
    verdict: "GOOD",
    reason: /^certificate ends in 3 days, 50 %/,
  },
  {
    why: "less is enough, if one says so",
    certificate: authority.issue({ names, ...term(90, 18) }),
    check: { remainingFraction: 0.1 },
    verdict: "GOOD",
    reason: /^certificate ends in 18 days, 20 %/,
  },
  {
    why: "it has ended",
    certificate: authority.issue({ names, ...term(90, -3) }),
    verdict: "FAILED",
    reason: /^certificate ended 3 days ago, on \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
  },
  {
    why: "it has not begun",
    certificate: authority.issue({
      names,
      from: new Date(now.getTime() + DAY),
      to: new Date(now.getTime() + 9 * DAY),
    }),
    verdict: "FAILED",
    reason: /^certificate is valid only from \d{4}-/,
  },
  {
    why: "it is for another name",
    certificate: authority.issue({ names: ["a.example", "b.example"], ...term(90, 60) }),
    verdict: "FAILED",
    reason: /^certificate is not for www\.example\.org, but for DNS:a\.example, DNS:b\.example$/,
  },
  {
    why: "a wildcard is for it, too",
    certificate: authority.issue({ names: ["*.example.org"], ...term(90, 60) }),
    verdict: "GOOD",
    reason: /^certificate ends in 60 days/,
  },
  {
    why: "it is self-signed",
    certificate: selfSigned({ names, ...term(90, 60) }),
    verdict: "FAILED",
    reason: /^certificate: it is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
  },
  {
    why: "its authority is not trusted",
    certificate: withChain(makeAuthority("Nobody's")),
    verdict: "FAILED",
    reason: /^certificate: its chain ends at an authority that is not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)$/,
  },
  {
    why: "the chain is whole",
    certificate: { key: below.key, cert: below.cert + intermediate.cert },
    verdict: "GOOD",
    reason: /^certificate ends in 60 days/,
  },
  {
    why: "the intermediate certificate was forgotten",
    certificate: below,
    verdict: "FAILED",
    reason: /the intermediate certificate is missing \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
  },
];

function withChain(nobody: ReturnType<typeof makeAuthority>): Issued {
  const { cert, key } = nobody.issue({ names, ...term(90, 60) });
  return { key, cert: cert + nobody.cert };
}

describe("tls", () => {
  test.each(ROWS)("$verdict: $why", async ({ certificate, check, verdict, reason }) => {
    const { address, untilLeft } = await attend(createServer(certificate));
    const result = await measured({ kind: "tls", address, name: "www.example.org", ...check }, { now });
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await untilLeft();
  });

  test.each([
    {
      why: "it speaks something else",
      conduct: saying("220 mail\r\n"),
      reason: /^127\.0\.0\.1:\d+ does not speak TLS$/,
    },
    {
      why: "it closes",
      conduct: sayingAndClosing(""),
      reason: /closed the connection, in the TLS handshake/,
    },
    {
      why: "it resets",
      conduct: resetting("when spoken to"),
      reason: /^connection reset by 127\.0\.0\.1:\d+, in the TLS handshake/,
    },
  ])("FAILED: $why", async ({ conduct, reason }) => {
    const { address, untilLeft } = await listen(conduct);
    const result = await measured({ kind: "tls", address, name: "www.example.org" });
    expect(result).toMatchObject({ verdict: "FAILED", reason: expect.stringMatching(reason) });
    await untilLeft();
  });

  test("FAILED: it speaks only what nobody speaks any more", async () => {
    const certificate = authority.issue({ names, ...term(90, 60) });
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } as const;
    const server = createServer({ ...certificate, ...old });
    server.on("tlsClientError", () => undefined);
    const { address } = await attend(server);
    const result = await measured({ kind: "tls", address, name: "www.example.org" });
    expect(result.verdict).toBe("FAILED");
    expect(result.reason).toMatch(/TLS handshake.*protocol version/);
  });

  test("TIMED OUT: it says nothing", async () => {
    const { address, untilLeft } = await listen(silent);
    expect(await measured({ kind: "tls", address, timeoutSeconds: 0.3 })).toMatchObject({
      verdict: "TIMED OUT",
      reason: `no answer in 0.3 s, in the TLS handshake with ${address}`,
    });
    await untilLeft();
  });
});
