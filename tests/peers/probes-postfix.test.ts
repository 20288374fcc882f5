import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readAddress, readKey, writeAddress } from "#spiped";
import { makeAuthority } from "../functions/monitor/servers/certificates.ts";
import { measured } from "../functions/monitor/servers/stage.ts";
import { type RealPostfix, startPostfix, whyNoPostfix } from "./real-postfix.ts";
import { freeAddress, type RealSpiped, startSpiped, whyNoSpiped } from "./real-spiped.ts";

const missing = whyNoPostfix() ?? whyNoSpiped();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`mail is not probed at Postfix: ${missing}`);

(missing === undefined || required ? describe : describe.skip)("smtp, at Postfix", () => {
  const authority = makeAuthority("The Test's Authority");
  const former = getCACertificates("default");
  const folder = mkdtempSync(join(tmpdir(), "nightshift-pipe-"));
  const secret = randomBytes(32);
  let postfix: RealPostfix;
  let pipe: RealSpiped;
  beforeAll(async () => {
    setDefaultCACertificates([...former, authority.cert]);
    const term = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
    postfix = await startPostfix(authority.issue({ names: ["mail.example.org"], ...term }));
    writeFileSync(join(folder, "key"), secret, { mode: 0o600 });
    pipe = await startSpiped("-d", await freeAddress(), readAddress(postfix.plain), join(folder, "key"));
  });
  afterAll(async () => {
    setDefaultCACertificates(former);
    await pipe?.stop();
    postfix?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const probe = (change: object) =>
    measured({ kind: "smtp", name: "mail.example.org", ...change }, { key: async () => readKey(secret) });

  it("STARTTLS", async () => {
    expect(await probe({ address: postfix.submission })).toMatchObject({
      verdict: "GOOD",
      reason: 'mail server greeted, with STARTTLS: "mail.example.org ESMTP Postfix"',
    });
  });

  it("TLS from the first byte", async () => {
    expect(await probe({ address: postfix.submissions, security: "tls" })).toMatchObject({
      verdict: "GOOD",
      reason: 'mail server greeted, with TLS: "mail.example.org ESMTP Postfix"',
    });
  });

  it("plain", async () => {
    expect(await probe({ address: postfix.plain, security: "none" })).toMatchObject({ verdict: "GOOD" });
  });

  it("through spiped", async () => {
    const check = {
      address: writeAddress(pipe.address),
      security: "spiped",
      keyParameter: "/nightshift/pipes/MAIL",
    };
    expect(await probe(check)).toMatchObject({
      verdict: "GOOD",
      reason: 'mail server greeted, through the pipe: "mail.example.org ESMTP Postfix"',
    });
  });

  it("without STARTTLS on offer", async () => {
    expect(await probe({ address: postfix.plain })).toMatchObject({
      verdict: "FAILED",
      reason: `${postfix.plain} offers no STARTTLS`,
    });
  });

  it("with a certificate for another name", async () => {
    expect(await probe({ address: postfix.submission, name: "mx.example.org" })).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/is for another name: .*DNS:mail\.example\.org$/),
    });
  });

  it("plain where TLS is expected", async () => {
    expect(await probe({ address: postfix.submission, security: "tls" })).toMatchObject({
      verdict: "FAILED",
      reason: `${postfix.submission} does not speak TLS`,
    });
  });
});
