import { createHash, getDiffieHellman } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { ExponentPair, isPublicValue, ONE } from "../../../layers/spiped/group.ts";

const p = BigInt(`0x${getDiffieHellman("modp14").getPrime("hex")}`);
const secretOf = (seed: string) => createHash("sha256").update(seed).digest();
const bytesOf = (number: bigint) => Buffer.from(number.toString(16).padStart(512, "0"), "hex");
const numberOf = (bytes: Buffer) => BigInt(`0x${bytes.toString("hex")}`);

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

describe("an exponent and what follows from it", () => {
  it.each([
    { seed: "secret 0", why: "any" },
    { seed: "secret 64", why: "a public value that begins with a zero, which OpenSSL leaves out" },
  ])("$why: 2^x mod p, with x = 2^258 + secret, in 256 bytes", ({ seed }) => {
    const x = 2n ** 258n + numberOf(secretOf(seed));
    const y = new ExponentPair(secretOf(seed)).publicValue();
    expect(y).toHaveLength(256);
    expect(numberOf(y)).toBe(power(2n, x));
    expect(y[0] === 0).toBe(seed === "secret 64");
  });

  it("both sides share the same number, y^x mod p", () => {
    const [one, two] = [new ExponentPair(secretOf("one")), new ExponentPair(secretOf("two"))];
    const shared = one.sharedWith(two.publicValue());
    expect(two.sharedWith(one.publicValue())).toEqual(shared);
    expect(numberOf(shared)).toBe(power(numberOf(two.publicValue()), 2n ** 258n + numberOf(secretOf("one"))));
  });

  it("the inverse of the generator gives the inverse of the public value, in 256 bytes too", () => {
    const pair = new ExponentPair(secretOf("one"));
    const shared = pair.sharedWith(bytesOf((p + 1n) / 2n));
    expect(shared).toHaveLength(256);
    expect((numberOf(shared) * numberOf(pair.publicValue())) % p).toBe(1n);
  });

  it.each([
    { mine: undefined, theirs: new ExponentPair(secretOf("a")).publicValue(), why: "we do without" },
    { mine: secretOf("a"), theirs: Buffer.from(ONE), why: "the peer does without" },
    { mine: undefined, theirs: Buffer.from(ONE), why: "both do" },
  ])("$why: they share 1", ({ mine, theirs }) => {
    expect(new ExponentPair(mine).sharedWith(theirs)).toEqual(ONE);
  });

  it("does without: its public value is 1", () => {
    expect(new ExponentPair(undefined).publicValue()).toEqual(ONE);
  });

  it("overwrites the secret that it was given", () => {
    const secret = secretOf("a");
    new ExponentPair(secret);
    expect(secret).toEqual(Buffer.alloc(32));
  });
});

describe("what a peer may send", () => {
  it.each([
    { y: 0n, may: false, why: "from 0 comes 0, whatever x is" },
    { y: 1n, may: true, why: "no Diffie-Hellman" },
    { y: 2n, may: true, why: "the generator" },
    { y: p - 2n, may: true, why: "the highest" },
    { y: p - 1n, may: false, why: "from it comes 1 or itself" },
    { y: p, may: false, why: "none of the group" },
    { y: p + 1n, may: false, why: "1, disguised from a check for 1" },
    { y: 2n ** 2048n - 1n, may: false, why: "the highest that fits" },
  ])("$why", ({ y, may }) => {
    expect(isPublicValue(bytesOf(y))).toBe(may);
  });
});
