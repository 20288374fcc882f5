import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { SpipedHandshakeError, SpipedOptionsError } from "./failures.ts";
import { DH_BYTES, ExponentPair, isOne, isPublicValue } from "./group.ts";
import type { SpipedKey } from "./key.ts";

/** Size of the first message of each side: its nonce. */
export const NONCE_BYTES = 32;
/** Size of the second message of each side: y, and the HMAC-SHA256 of it. */
export const INTRODUCTION_BYTES = DH_BYTES + 32;

/** "client" is who opened the connection (`spiped -e`, `spipe`), "server" who accepted it (`spiped -d`). */
export type Role = "client" | "server";

export interface HandshakeOptions {
  readonly role: Role;
  readonly key: SpipedKey;
  /** Refuse a peer that turned perfect forward secrecy off (-g). */
  readonly requirePfs?: boolean | undefined;
  /** Turn it off ourselves, which spares two exponentiations (-f). Not together with requirePfs. */
  readonly noPfs?: boolean | undefined;
}

/** The keys of one direction, 32 bytes each. */
export interface DirectionKeys {
  readonly cipher: Buffer;
  readonly mac: Buffer;
}

/** What a completed handshake gives: keys for what we send and for what we receive. */
export interface Session {
  readonly outbound: DirectionKeys;
  readonly inbound: DirectionKeys;
}

/**
 * One side of spiped's handshake (spiped, DESIGN.md "Protocol"), without any input or output. Both send `greeting` at
 * once and `meet` the other's. Then the client sends its `introduction` and `accept`s the server's; the server accepts
 * first, and introduces itself only to who passed.
 */
export class Handshake {
  /** Our nonce: the first 32 bytes that we send. */
  readonly greeting: Buffer;
  readonly #options: HandshakeOptions;
  readonly #pair: ExponentPair;
  #nonces: Buffer | undefined;
  #material: Buffer | undefined;

  /** `random` gives that many random bytes; tests know which. */
  constructor(options: HandshakeOptions, random: (size: number) => Buffer = randomBytes) {
    requireOneMind(options);
    this.#options = options;
    this.greeting = random(NONCE_BYTES);
    this.#pair = new ExponentPair(options.noPfs === true ? undefined : random(32));
  }

  /** Takes the peer's nonce. */
  meet(nonce: Buffer): void {
    const { role } = this.#options;
    // By role, whoever's nonce came first: the client's stands in front.
    this.#nonces = Buffer.concat(role === "client" ? [this.greeting, nonce] : [nonce, this.greeting]);
  }

  /** Our second message, 288 bytes. */
  introduction(): Buffer {
    const y = this.#pair.publicValue();
    return Buffer.concat([y, this.#signature(this.#options.role, y)]);
  }

  /**
   * Checks the peer's second message, in spiped's order: signature, y of the group, y not 1 if we insist. Anything wrong is a
   * SpipedHandshakeError. Returns the keys of the session.
   */
  accept(introduction: Buffer): Session {
    const y = introduction.subarray(0, DH_BYTES);
    const signature = introduction.subarray(DH_BYTES);
    if (introduction.length !== INTRODUCTION_BYTES) refuse(`has ${introduction.length} bytes`);
    if (!timingSafeEqual(signature, this.#signature(otherThan(this.#options.role), y))) {
      refuse("is not signed with our key");
    }
    if (!isPublicValue(y)) refuse("holds a number that is none of the group");
    if (this.#options.requirePfs && isOne(y)) refuse("turns perfect forward secrecy off, which we require");
    const shared = this.#pair.sharedWith(y);
    const salt = Buffer.concat([this.#metNonces(), shared]);
    const material = this.#options.key.derive(salt, 128);
    this.#material = material;
    for (const secret of [shared, salt]) secret.fill(0);
    const client = { cipher: material.subarray(0, 32), mac: material.subarray(32, 64) };
    const server = { cipher: material.subarray(64, 96), mac: material.subarray(96, 128) };
    const isClient = this.#options.role === "client";
    return isClient ? { outbound: client, inbound: server } : { outbound: server, inbound: client };
  }

  /**
   * Overwrites our secrets, and the keys of the session, which whoever goes on has taken over by then. Call it when the
   * handshake is over, however it went.
   */
  forget(): void {
    this.#pair.forget();
    this.#material?.fill(0);
  }

  #signature(role: Role, y: Buffer): Buffer {
    const material = this.#options.key.derive(this.#metNonces(), 64);
    const key = role === "client" ? material.subarray(0, 32) : material.subarray(32);
    const signature = createHmac("sha256", key).update(y).digest();
    material.fill(0);
    return signature;
  }

  #metNonces(): Buffer {
    if (this.#nonces === undefined) throw new Error("the peer's nonce has not come yet");
    return this.#nonces;
  }
}

/** @throws SpipedOptionsError for both options at once, which spiped does not take either */
export function requireOneMind({ requirePfs, noPfs }: Pick<HandshakeOptions, "requirePfs" | "noPfs">): void {
  if (requirePfs && noPfs)
    throw new SpipedOptionsError("requirePfs and noPfs exclude each other, as -g and -f of spiped");
}

function otherThan(role: Role): Role {
  return role === "client" ? "server" : "client";
}

function refuse(flaw: string): never {
  throw new SpipedHandshakeError(`the peer's second message ${flaw}`, true);
}
