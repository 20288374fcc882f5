import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { Handshake, type Session } from "../../../layers/spiped/handshake.ts";
import { readKey } from "../../../layers/spiped/key.ts";
import { Opener, Sealer } from "../../../layers/spiped/packets.ts";

/*
 * A conversation in which everything is known: key file "hello key material", nonces 00..1f and 20..3f, both sides without
 * Diffie-Hellman. The numbers were derived apart from this code, by two programs in two languages.
 */
const key = readKey(Buffer.from("hello key material"));
const nonceOfClient = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const nonceOfServer = Buffer.from(Array.from({ length: 32 }, (_, index) => index + 32));
const y = `${"00".repeat(255)}01`;

function handshakes() {
  const client = new Handshake({ role: "client", key, noPfs: true }, () => Buffer.from(nonceOfClient));
  const server = new Handshake({ role: "server", key, noPfs: true }, () => Buffer.from(nonceOfServer));
  client.meet(server.greeting);
  server.meet(client.greeting);
  return { client, server };
}

function sessions(): { ofClient: Session; ofServer: Session } {
  const { client, server } = handshakes();
  return { ofServer: server.accept(client.introduction()), ofClient: client.accept(server.introduction()) };
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("the known conversation", () => {
  it("signing keys follow from key and nonces", () => {
    const keys = key.derive(Buffer.concat([nonceOfClient, nonceOfServer]), 64).toString("hex");
    expect(keys.slice(0, 64)).toBe("dc588fca58d840ab59bec12308e5d5b746cd1f30d74e127880d0e3167bacf17f");
    expect(keys.slice(64)).toBe("b2008d5bfbd592b61364e3c45b463994c4b39fd03b68dc8cacd290ff6216d7bf");
  });

  it("each side introduces itself", () => {
    const { client, server } = handshakes();
    expect(client.introduction().toString("hex")).toBe(
      `${y}e7e56fb79c045e52ae44bc766f43bf64dd05be8b6ef2129b225e22ec5f7faabe`,
    );
    expect(server.introduction().toString("hex")).toBe(
      `${y}74a951576c1423568e6bf5dd88bd9e00067286e636918a6b3852b4395486c44a`,
    );
  });

  it("both come to the same keys", () => {
    const { ofClient, ofServer } = sessions();
    const hex = ({ cipher, mac }: Session["inbound"]) => [cipher.toString("hex"), mac.toString("hex")];
    expect(hex(ofClient.outbound)).toEqual([
      "0e5498d49ba57618e22177fafec3b93c9d1189678f1a4471f82cf25be4fe9b63",
      "8e312120dbb9ced8cd754345c411d4c17050fbbde4616d7c58aa675ba976c137",
    ]);
    expect(hex(ofClient.inbound)).toEqual([
      "62c177eaf5ce69c0399328b8f0531e75decba6443f454aececf852508300e50f",
      "460da8de691ab1d463bac92dfd897d5779af3b8098984d87af1638f2c6300356",
    ]);
    expect(hex(ofServer.outbound)).toEqual(hex(ofClient.inbound));
    expect(hex(ofServer.inbound)).toEqual(hex(ofClient.outbound));
  });

  it("packets are these, byte for byte", () => {
    const { ofClient, ofServer } = sessions();
    const sealers = { client: new Sealer(ofClient.outbound), server: new Sealer(ofServer.outbound) };
    const hello = Buffer.from("hello\n");
    const first = sealers.client.seal(hello);
    expect(first.subarray(0, 16).toString("hex")).toBe("f49b15e15b578ce3c9f505142f1db91e");
    expect(first.subarray(1024, 1028).toString("hex")).toBe("aa47edff");
    expect(first.subarray(1028).toString("hex")).toBe(
      "109f696e0c136828fb0e3a19cf6a9a54f335737f5b9b6355d60ce6ce6f7383b9",
    );
    const others = [sealers.client.seal(hello), sealers.server.seal(hello), sealers.server.seal(hello)];
    expect([first, ...others].map(sha256)).toEqual([
      "6e03660e53051152821ea19bc94bc7d6fbfb90e1d38a4897dd86a3564565a969",
      "3f2679831919307717943e5415456e4f93a5f264293c98606df3f32f0d8acede",
      "80f9cf33eb0002b5ae9afc8a8b83e376cb61473050b0ce3c999da336af25dbd4",
      "ca00548db0b053e40d00691083afc6458e171c904bf59d8c43de7a34c6c1312c",
    ]);
  });

  it("and are opened by the other side", () => {
    const { ofClient, ofServer } = sessions();
    const packet = new Sealer(ofClient.outbound).seal(Buffer.from("hello\n"));
    expect(new Opener(ofServer.inbound).open(packet).toString()).toBe("hello\n");
  });
});
