import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isFresh, isSignedBy, readSignature } from "../../../functions/accounts/stripe-signature.ts";
import { signature } from "./fakes/stripe.ts";

/** Made by `printf '1795320000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_fixed`. */
const FIXED = "8688b0c523beffb021d95e7652b1c20f0760a2b14004efc79f1cb310b42419c3";
const BODY = Buffer.from('{"id":"evt_1"}');
const AT = new Date(1_795_320_000_000);
const OTHER = "0".repeat(64);

function isGenuine(header: string, body = BODY, secrets = ["whsec_fixed"]): boolean {
  const read = readSignature(header);
  return read !== undefined && isSignedBy(secrets, read, body);
}

type Row = [why: string, header: string, secrets?: string[]];

/** A row that names no secrets is about the one that openssl was given. */
function withSecrets(rows: Row[]): Required<Row>[] {
  return rows.map(([why, header, secrets = ["whsec_fixed"]]) => [why, header, secrets]);
}

describe("a header that is accepted", () => {
  const rows: Row[] = [
    ["openssl made it", `t=1795320000,v1=${FIXED}`],
    ["members in another order", `v1=${FIXED},t=1795320000`],
    ["spaces after commas", `t=1795320000, v1=${FIXED}`],
    ["another scheme beside it, which is ignored", `t=1795320000,v1=${FIXED},v0=${OTHER}`],
    [
      "two signatures while Stripe's secret is replaced: the second is ours",
      `t=1795320000,v1=${OTHER},v1=${FIXED}`,
    ],
    [
      "two secrets while ours is replaced: the second is Stripe's",
      `t=1795320000,v1=${FIXED}`,
      ["old", "whsec_fixed"],
    ],
  ];
  test.each(withSecrets(rows))("%s", (_why, header, secrets) => {
    expect(isGenuine(header, BODY, secrets)).toBe(true);
  });
});

describe("a header that is not", () => {
  const rows: Row[] = [
    ["none", ""],
    ["no time", `v1=${FIXED}`],
    ["no signature", "t=1795320000"],
    ["only of a scheme that is not v1: a downgrade", `t=1795320000,v0=${FIXED}`],
    ["another time than the one that was signed", `t=1795320001,v1=${FIXED}`],
    ["two times: which one was signed?", `t=1795320000,t=1795320000,v1=${FIXED}`],
    ["the same time written otherwise", `t=01795320000,v1=${FIXED}`],
    ["a time that is no number", `t=now,v1=${FIXED}`],
    ["a negative time", `t=-1795320000,v1=${FIXED}`],
    ["a time beyond all times", `t=${"9".repeat(13)},v1=${FIXED}`],
    ["a signature cut short", `t=1795320000,v1=${FIXED.slice(0, 62)}`],
    ["a signature with more behind it", `t=1795320000,v1=${FIXED}00`],
    ["a signature in capitals, which Stripe never writes", `t=1795320000,v1=${FIXED.toUpperCase()}`],
    ["a signature that is no hexadecimal number", `t=1795320000,v1=${"z".repeat(64)}`],
    ["an empty signature", "t=1795320000,v1="],
    ["another secret", `t=1795320000,v1=${FIXED}`, ["whsec_other"]],
    ["no secret at all", `t=1795320000,v1=${FIXED}`, []],
  ];
  test.each(withSecrets(rows))("%s", (_why, header, secrets) => {
    expect(isGenuine(header, BODY, secrets)).toBe(false);
  });
});

test("the bytes are signed as they came, whatever they are; one bit more or less is another message", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.nat(), fc.string({ minLength: 1 }), (content, place, secret) => {
      const body = Buffer.from(content);
      const header = signature(body, AT, secret);
      expect(isGenuine(header, body, [secret])).toBe(true);
      const changed = Buffer.from(body);
      changed[place % body.length] = (body[place % body.length] ?? 0) ^ 1;
      expect(isGenuine(header, changed, [secret])).toBe(false);
      expect(isGenuine(header, Buffer.concat([body, Buffer.from("\n")]), [secret])).toBe(false);
    }),
  );
});

test("bytes that are no UTF-8 are not repaired before they are checked", () => {
  const body = Buffer.from([0x7b, 0xff, 0x7d]);
  const hex = createHmac("sha256", "s").update("1.").update(body).digest("hex");
  expect(isGenuine(`t=1,v1=${hex}`, body, ["s"])).toBe(true);
  expect(isGenuine(`t=1,v1=${hex}`, Buffer.from(body.toString("utf8")), ["s"])).toBe(false);
});

describe("how old it may be", () => {
  const rows: [why: string, seconds: number, fresh: boolean][] = [
    ["made this second", 0, true],
    ["at the tolerance", 300, true],
    ["a second beyond: a replay", 301, false],
    ["a little ahead: clocks differ", -300, true],
    ["far ahead: not Stripe's clock", -301, false],
    ["a day old", 86_400, false],
  ];
  test.each(rows)("%s (%d s)", (_why, seconds, fresh) => {
    const read = readSignature(`t=1795320000,v1=${FIXED}`);
    const now = new Date(AT.getTime() + seconds * 1000);
    expect(read !== undefined && isFresh(read, now)).toBe(fresh);
  });
});
