import { getDiffieHellman, randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { SpipedHandshakeError, SpipedOptionsError } from "../../../layers/spiped/failures.ts";
import { Handshake, type HandshakeOptions } from "../../../layers/spiped/handshake.ts";
import { readKey } from "../../../layers/spiped/key.ts";
import { introduction, other, type Role } from "./reference.ts";

const KEY_FILE = Buffer.from("a key of both");
const key = readKey(KEY_FILE);
const p = BigInt(`0x${getDiffieHellman("modp14").getPrime("hex")}`);
const bytesOf = (number: bigint) => Buffer.from(number.toString(16).padStart(512, "0"), "hex");

type Options = Omit<HandshakeOptions, "role" | "key"> & { key?: HandshakeOptions["key"] };

/** Both sides, after each has met the other's nonce. */
function met(ofClient: Options = {}, ofServer: Options = {}) {
  const client = new Handshake({ key, ...ofClient, role: "client" });
  const server = new Handshake({ key, ...ofServer, role: "server" });
  client.meet(server.greeting);
  server.meet(client.greeting);
  return { client, server, nonces: Buffer.concat([client.greeting, server.greeting]) };
}

describe("two sides with one key", () => {
  it.each([
    { client: {}, server: {}, why: "as by default" },
    { client: { noPfs: true }, server: {}, why: "the client without Diffie-Hellman" },
    { client: {}, server: { noPfs: true }, why: "the server without" },
    { client: { noPfs: true }, server: { noPfs: true }, why: "both without" },
    { client: { requirePfs: true }, server: { requirePfs: true }, why: "both insist" },
    { client: {}, server: { requirePfs: true }, why: "one insists" },
  ])("$why: agree on keys", (row) => {
    const { client, server } = met(row.client, row.server);
    const ofServer = server.accept(client.introduction());
    const ofClient = client.accept(server.introduction());
    expect(ofServer.inbound).toEqual(ofClient.outbound);
    expect(ofServer.outbound).toEqual(ofClient.inbound);
    const keys = [ofClient.inbound, ofClient.outbound].flatMap(({ cipher, mac }) => [cipher, mac]);
    expect(new Set(keys.map((one) => one.toString("hex"))).size).toBe(4); // each of its own
    expect(keys.map(({ length }) => length)).toEqual([32, 32, 32, 32]);
  });

  it("never come to the same keys again, even without Diffie-Hellman", () => {
    const once = () => {
      const { client, server } = met({ noPfs: true }, { noPfs: true });
      return server.accept(client.introduction()).inbound.cipher.toString("hex");
    };
    expect(once()).not.toBe(once());
  });

  it("greet with 32 bytes and introduce themselves with 288", () => {
    const { client, server } = met();
    for (const side of [client, server]) {
      expect(side.greeting).toHaveLength(32);
      expect(side.introduction()).toHaveLength(288);
    }
    expect(client.greeting).not.toEqual(server.greeting);
  });
});

describe.each<Role>(["client", "server"])("the %s refuses", (role) => {
  /** Our side, and what an honest peer would say to it. */
  function partner(options: Options = {}) {
    const both = role === "client" ? met(options) : met({}, options);
    const [ours, theirs] = role === "client" ? [both.client, both.server] : [both.server, both.client];
    return { ours, honest: theirs.introduction(), nonces: both.nonces };
  }
  const signed = (nonces: Buffer, y: Buffer, keyFile = KEY_FILE) =>
    introduction(keyFile, nonces, other(role), y);
  const flipped = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };
  type Case = ReturnType<typeof partner>;
  const rows: { why: string; says: (it: Case) => Buffer; options?: Options }[] = [
    { why: "a flipped bit at the beginning of y", says: ({ honest }) => flipped(honest, 0) },
    { why: "one at its end", says: ({ honest }) => flipped(honest, 255) },
    { why: "one in the signature", says: ({ honest }) => flipped(honest, 256) },
    { why: "one at the signature's end", says: ({ honest }) => flipped(honest, 287) },
    { why: "another key", says: ({ nonces }) => signed(nonces, bytesOf(4n), Buffer.from("another")) },
    { why: "its own message back", says: ({ ours }) => ours.introduction() },
    { why: "y = 0, signed", says: ({ nonces }) => signed(nonces, bytesOf(0n)) },
    {
      why: "y = 1 when it insists on forward secrecy",
      says: ({ nonces }) => signed(nonces, bytesOf(1n)),
      options: { requirePfs: true },
    },
    { why: "y = p - 1, signed", says: ({ nonces }) => signed(nonces, bytesOf(p - 1n)) },
    { why: "y = p, signed", says: ({ nonces }) => signed(nonces, bytesOf(p)) },
    { why: "y = p + 1, signed", says: ({ nonces }) => signed(nonces, bytesOf(p + 1n)) },
    {
      why: "y = p + 1 when it insists",
      says: ({ nonces }) => signed(nonces, bytesOf(p + 1n)),
      options: { requirePfs: true },
    },
    { why: "all ones, signed", says: ({ nonces }) => signed(nonces, Buffer.alloc(256, 255)) },
    { why: "a message cut short", says: ({ honest }) => honest.subarray(0, 287) },
    { why: "an empty one", says: () => Buffer.alloc(0) },
    { why: "one too long", says: ({ honest }) => Buffer.concat([honest, Buffer.alloc(1)]) },
    {
      why: "a message of another conversation",
      says: ({ nonces }) => signed(flipped(nonces, role === "client" ? 63 : 0), bytesOf(4n)),
    },
    {
      why: "one signed for nonces the wrong way round",
      says: ({ nonces }) => signed(Buffer.concat([nonces.subarray(32), nonces.subarray(0, 32)]), bytesOf(4n)),
    },
  ];
  it.each(rows)("$why", ({ says, options }) => {
    const it = partner(options);
    expect(() => it.ours.accept(says(it))).toThrow(SpipedHandshakeError);
  });

  it("but takes y = 1, 2 and p - 2 when they are signed and it does not insist", () => {
    for (const y of [1n, 2n, p - 2n]) {
      const { ours, nonces } = partner();
      expect(ours.accept(signed(nonces, bytesOf(y)))).toHaveProperty("inbound");
    }
  });
});

it("refuses to insist on forward secrecy and to do without it at once", () => {
  const both = () => new Handshake({ role: "client", key, requirePfs: true, noPfs: true });
  expect(both).toThrow(SpipedOptionsError);
});

describe("keys", () => {
  it("of any size but none", () => {
    expect(() => readKey(Buffer.alloc(0))).toThrow(SpipedOptionsError);
    for (const size of [1, 31, 32, 33, 5000]) expect(() => readKey(randomBytes(size))).not.toThrow();
  });

  it("a newline at the end makes another key", () => {
    const salt = Buffer.from("salt");
    const [plain, ended] = ["secret", "secret\n"].map((text) => readKey(Buffer.from(text)).derive(salt, 32));
    expect(plain).not.toEqual(ended);
  });

  it("show in no log and in no JSON", () => {
    expect(JSON.stringify({ key })).toBe('{"key":{}}');
    expect(Object.values(key)).toEqual([]);
  });
});
