import ssh2 from "ssh2";
import { makeSshKey } from "../../machine/ssh-key.ts";
import type { Account } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, text, texts } from "../query-protocol.ts";
import type { KeyPair, Region } from "./region.ts";
import { passesFilters, specifiedTags, tagSet } from "./tags.ts";

export function createKeyPair(account: Account, region: Region, params: Params) {
  if (text(params, "KeyType") !== "ed25519") {
    throw new AwsError("InvalidParameterValue", "the rehearsal cloud makes ed25519 key pairs only");
  }
  const { private: keyMaterial, public: publicKey } = makeSshKey("ed25519");
  const pair = addKeyPair(account, region, params, publicKey);
  return { ...describe(pair), keyMaterial };
}

export function importKeyPair(account: Account, region: Region, params: Params) {
  const material = Buffer.from(text(params, "PublicKeyMaterial") ?? "", "base64").toString();
  if (ssh2.utils.parseKey(material) instanceof Error) {
    throw new AwsError("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  }
  return describe(addKeyPair(account, region, params, material));
}

function addKeyPair(account: Account, region: Region, params: Params, publicKey: string): KeyPair {
  const name = text(params, "KeyName");
  if (name === undefined) throw missing("KeyName");
  if (region.keyPairs.has(name)) {
    throw new AwsError("InvalidKeyPair.Duplicate", `The keypair already exists: ${name}`);
  }
  const pair: KeyPair = {
    id: account.newId("key"),
    name,
    createdAt: account.clock.now(),
    publicKey,
    fingerprint: publicKey.split(" ")[1]?.slice(-43) ?? "",
    tags: specifiedTags(params, "key-pair"),
  };
  region.keyPairs.set(name, pair);
  return pair;
}

export function describeKeyPairs(_account: Account, region: Region, params: Params) {
  const names = texts(params, "KeyName");
  const unknown = names.find((name) => !region.keyPairs.has(name));
  if (unknown !== undefined) {
    throw new AwsError("InvalidKeyPair.NotFound", `The key pair '${unknown}' does not exist`);
  }
  const found = [...region.keyPairs.values()].filter(
    (pair) =>
      (names.length === 0 || names.includes(pair.name)) &&
      passesFilters(params, pair.tags, { "key-name": [pair.name] }),
  );
  return { keySet: found.map(describe) };
}

/** Succeeds when there is no such pair, as EC2 does. */
export function deleteKeyPair(_account: Account, region: Region, params: Params) {
  region.keyPairs.delete(text(params, "KeyName") ?? "");
  return { return: true };
}

function describe(pair: KeyPair) {
  return {
    keyPairId: pair.id,
    keyName: pair.name,
    keyType: "ed25519",
    keyFingerprint: pair.fingerprint,
    createTime: pair.createdAt,
    tagSet: tagSet(pair.tags),
  };
}
