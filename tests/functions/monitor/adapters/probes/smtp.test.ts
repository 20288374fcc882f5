import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
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
import { mailServer } from "../../servers/mail-server.ts";
import { measured } from "../../servers/stage.ts";

const SHORT = 0.3;
/** For what comes after other steps, on a slow machine. */
const LONGER = 2;
const HOUR = 3_600_000;
const authority = makeAuthority("The Test's Authority");
const term = { from: new Date(Date.now() - HOUR), to: new Date(Date.now() + HOUR) };
const certificate = authority.issue({ names: ["mail.example.org"], ...term });
const former = getCACertificates("default");
beforeAll(() => setDefaultCACertificates([...former, authority.cert]));
afterAll(() => setDefaultCACertificates(former));
afterEach(closeServers);

interface Row {
  readonly why: string;
  readonly conduct: Conduct;
  readonly security?: string;
  readonly timeoutSeconds?: number;
  readonly verdict: string;
  readonly reason: RegExp;
}

const ROWS: Row[] = [
  {
    why: "STARTTLS",
    conduct: mailServer({ certificate }),
    verdict: "GOOD",
    reason: /^mail server greeted, with STARTTLS: "mail\.example\.org ESMTP"$/,
  },
  {
    why: "a greeting of several lines",
    conduct: mailServer({ greeting: "220-one\r\n220-two\r\n220 three\r\n" }),
    security: "none",
    verdict: "GOOD",
    reason: /^mail server greeted: "one"$/,
  },
  {
    why: "lines that end in a bare LF",
    conduct: mailServer({ greeting: "220 mail\n", EHLO: "250-mail\n250 HELP\n" }),
    security: "none",
    verdict: "GOOD",
    reason: /^mail server greeted: "mail"$/,
  },
  {
    why: "it is not in service",
    conduct: mailServer({ greeting: "421 4.3.2 try later\r\n" }),
    verdict: "FAILED",
    reason: /^greeting answered with 421, expected 220: "4\.3\.2 try later"$/,
  },
  {
    why: "it does not want us",
    conduct: mailServer({ EHLO: "550 go away\r\n" }),
    verdict: "FAILED",
    reason: /^EHLO answered with 550, expected 250: "go away"$/,
  },
  {
    why: "it offers no STARTTLS",
    conduct: mailServer({ EHLO: "250-STARTTLS.example.org\r\n250 PIPELINING\r\n" }),
    verdict: "FAILED",
    reason: /^127\.0\.0\.1:\d+ offers no STARTTLS$/,
  },
  {
    why: "TLS is not available at present",
    conduct: mailServer({ STARTTLS: "454 4.7.0 TLS not available\r\n" }),
    verdict: "FAILED",
    reason: /^STARTTLS answered with 454, expected 220/,
  },
  {
    why: "something came in plain text behind the reply to STARTTLS",
    conduct: mailServer({ STARTTLS: "220 go\r\n250 injected\r\n" }),
    verdict: "FAILED",
    reason: /went on in plain text after STARTTLS$/,
  },
  {
    why: "its certificate is another's",
    conduct: mailServer({ certificate: authority.issue({ names: ["other.example"], ...term }) }),
    verdict: "FAILED",
    reason:
      /^certificate of 127\.0\.0\.1:\d+ is for another name: Host: mail\.example\.org\. is not in the cert's altnames: DNS:other\.example$/,
  },
  {
    why: "its certificate is nobody's",
    conduct: mailServer({
      certificate: makeAuthority("Nobody's").issue({ names: ["mail.example.org"], ...term }),
    }),
    verdict: "FAILED",
    reason: /UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
  },
  {
    why: "after STARTTLS it does not want us any more",
    conduct: mailServer({ certificate, secureEHLO: "503 no\r\n" }),
    verdict: "FAILED",
    reason: /^EHLO answered with 503, expected 250: "no"$/,
  },
  {
    why: "it is no mail server",
    conduct: saying("HTTP/1.1 400 Bad Request\r\n"),
    verdict: "FAILED",
    reason: /does not speak SMTP: "HTTP\/1\.1 400 Bad Request"$/,
  },
  {
    why: "lines of one reply with two codes",
    conduct: mailServer({ greeting: "220-a\r\n250 b\r\n" }),
    verdict: "FAILED",
    reason: /does not speak SMTP/,
  },
  {
    why: "a line without an end",
    conduct: endless("220 hello "),
    verdict: "FAILED",
    reason: /sent 4096 bytes without an end of line$/,
  },
  {
    why: "a reply without an end",
    conduct: endless("220-more\r\n"),
    verdict: "FAILED",
    reason: /sent a reply of more than 100 lines$/,
  },
  {
    why: "it closes",
    conduct: sayingAndClosing(""),
    verdict: "FAILED",
    reason: /closed the connection, waiting for the greeting/,
  },
  {
    why: "it closes after its greeting",
    conduct: sayingAndClosing("220 mail\r\n"),
    verdict: "FAILED",
    reason: /closed the connection, waiting for the reply to EHLO/,
  },
  {
    why: "it waits for us to speak first",
    conduct: resetting("when spoken to"),
    timeoutSeconds: SHORT,
    verdict: "TIMED OUT",
    reason: /waiting for the greeting/,
  },
  {
    why: "it says nothing",
    conduct: silent,
    timeoutSeconds: SHORT,
    verdict: "TIMED OUT",
    reason: /^no answer in 0\.3 s, waiting for the greeting of/,
  },
  {
    why: "it says nothing more",
    conduct: saying("220 mail\r\n"),
    timeoutSeconds: LONGER,
    verdict: "TIMED OUT",
    reason: /^no answer in 2 s, waiting for the reply to EHLO of/,
  },
  {
    why: "it says nothing in TLS",
    conduct: mailServer({}),
    timeoutSeconds: LONGER,
    verdict: "TIMED OUT",
    reason: /^no answer in 2 s, in the TLS handshake with/,
  },
];

describe("smtp", () => {
  test.each(ROWS)("$verdict: $why", async ({ conduct, security, timeoutSeconds = 10, verdict, reason }) => {
    const { address, untilLeft } = await listen(conduct);
    const name = "mail.example.org";
    const check = {
      kind: "smtp",
      address,
      name,
      timeoutSeconds,
      ...(security === undefined ? {} : { security }),
    };
    const result = await measured(check);
    expect(result).toEqual({
      verdict,
      reason: expect.stringMatching(reason),
      milliseconds: expect.any(Number),
    });
    await untilLeft();
  });

  test("it says EHLO again once it is protected, and takes its leave", async () => {
    const heard: string[] = [];
    const { address, untilLeft } = await listen(mailServer({ certificate, heard }));
    await measured({ kind: "smtp", address, name: "mail.example.org" });
    await untilLeft();
    expect(heard).toEqual(["EHLO", "STARTTLS", "EHLO in TLS", "QUIT in TLS"]);
  });

  test("GOOD: TLS from the first byte", async () => {
    const server = createServer(certificate, mailServer({}));
    const { address, untilLeft } = await attend(server);
    const check = { kind: "smtp", address, name: "mail.example.org", security: "tls" };
    expect(await measured(check)).toMatchObject({
      verdict: "GOOD",
      reason: 'mail server greeted, with TLS: "mail.example.org ESMTP"',
    });
    await untilLeft();
  });
});
