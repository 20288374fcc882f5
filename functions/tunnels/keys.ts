import { nextKeyParameter, PIPE_KEY_BYTES, UnusableKeyError } from "#hosts";
import { KeyLostError } from "./failures.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { KEY_PLACES, type KeyStore, type RotationBook } from "./ports.ts";
import type { Rotation } from "./rotation.ts";

/** Fingerprints of a rotation's two keys. */
export interface KeyChange {
  readonly from: string;
  readonly to: string;
  /** All but the record's end is done already, by a run that died: the new key is in force, and the next one gone. */
  readonly isForgotten: boolean;
}

/**
 * Sees to it that the key that is to come lies beside the one in force, in both regions. One that is there is kept: hosts
 * may have it already.
 * @param random so many random bytes
 * @throws KeyLostError when hosts have been switched to a key that is gone from SSM
 */
export async function makeNextKey(
  rotation: Rotation,
  { book, store, random }: { book: RotationBook; store: KeyStore; random: (bytes: number) => Buffer },
): Promise<KeyChange> {
  const { pipe } = rotation;
  const next = nextKeyParameter(pipe);
  const record = await book.find(pipe);
  const inForce = fingerprintOf(await required(store, pipe));
  let key = await store.read("home", next);
  if (record?.phase === "switching") {
    const { from, to } = record;
    if (key === undefined && inForce === to) return { from, to, isForgotten: true };
    if (key === undefined || fingerprintOf(key) !== to)
      throw new KeyLostError(
        `${next} does not hold the key to which hosts have been switched. ` +
          "Look for it in the watch region, or get onto each host by its console: never delete it during a rotation",
      );
  }
  if (key === undefined) {
    const made = random(PIPE_KEY_BYTES);
    // What was just made may not be seen yet. Where somebody was faster, it is theirs.
    key = (await store.create("home", next, made)) ? made : await required(store, next);
  }
  await putInWatch(store, next, key);
  const to = fingerprintOf(key);
  const from = record?.phase === "switching" ? record.from : inForce;
  await book.recordKeys(rotation, from, to);
  return { from, to, isForgotten: false };
}

async function putInWatch(store: KeyStore, parameter: string, key: Buffer): Promise<void> {
  const there = await store.read("watch", parameter).catch((error: Error) => {
    if (error instanceof UnusableKeyError) return Buffer.alloc(0); // it holds something else, which is replaced
    throw error;
  });
  if (there === undefined && (await store.create("watch", parameter, key))) return;
  if (there?.equals(key) !== true) await store.replace("watch", parameter, key);
}

/** The key that is to come, which must be the rotation's. @throws KeyLostError */
export async function readNextKey(rotation: Rotation, to: string, store: KeyStore): Promise<Buffer> {
  const next = nextKeyParameter(rotation.pipe);
  const key = await required(store, next);
  if (fingerprintOf(key) === to) return key;
  throw new KeyLostError(`${next} does not hold the key of this rotation any more`);
}

/**
 * The key in force. @param inForce its fingerprint, as it must be by now: a client that is led back with another one is
 * locked out, and what was just put in force may not be seen yet. @throws KeyLostError
 */
export async function readKeyInForce({ pipe }: Rotation, inForce: string, store: KeyStore): Promise<Buffer> {
  const key = await required(store, pipe);
  if (fingerprintOf(key) === inForce) return key;
  throw new KeyLostError(`${pipe} does not hold the key that is to be in force now`);
}

/**
 * From now on the rotation only goes forward: hosts are about to forget the old key. Not without the next one in both
 * regions, or there would be no way on and none back. @throws KeyLostError, RotationTakenOverError
 */
export async function beginSwitch(
  rotation: Rotation,
  to: string,
  { book, store }: { readonly book: RotationBook; readonly store: KeyStore },
): Promise<void> {
  const next = nextKeyParameter(rotation.pipe);
  for (const place of KEY_PLACES) {
    const key = await store.read(place, next);
    if (key === undefined || fingerprintOf(key) !== to)
      throw new KeyLostError(`${next} does not hold the key of this rotation any more`);
  }
  await book.recordSwitching(rotation);
}

/**
 * Puts the new key in force, in both regions. By overwriting: to delete the old one first, and with it its history,
 * would leave a moment without any (DESIGN.md).
 */
export async function commitKey(rotation: Rotation, to: string, store: KeyStore): Promise<void> {
  const key = await readNextKey(rotation, to, store);
  for (const place of KEY_PLACES) {
    if ((await store.read(place, rotation.pipe))?.equals(key) !== true)
      await store.replace(place, rotation.pipe, key);
  }
}

/**
 * Removes the next key from both regions, once nobody needs it. @param inForce the fingerprint of the key that must be in
 * force then, without which it is the last one that opens anything. @throws KeyLostError
 */
export async function forgetNextKey(rotation: Rotation, inForce: string, store: KeyStore): Promise<void> {
  if (fingerprintOf(await required(store, rotation.pipe)) !== inForce)
    throw new KeyLostError(
      `${rotation.pipe} does not hold the key that was to be in force now; the next one stays`,
    );
  // At home last: there it says that the rotation is not over.
  for (const place of [...KEY_PLACES].reverse()) await store.remove(place, nextKeyParameter(rotation.pipe));
}

async function required(store: KeyStore, parameter: string): Promise<Buffer> {
  const key = await store.read("home", parameter);
  if (key !== undefined) return key;
  throw new KeyLostError(
    `there is no SSM parameter ${parameter} in the home region. Make it: nightshift keys new`,
  );
}
