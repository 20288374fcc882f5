import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import { newId } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import { isTrue, type Params, requiredText, text, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, selectById } from "./filters.ts";
import { noKeyPair } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { KeyPair } from "./resources.ts";
import { specifiedTags, tagSet } from "./tags.ts";

/** CreateKeyPair: shows the private half once, and keeps the public half only. */
export function createKeyPair(ec2: Ec2, region: Region, params: Params) {
  const type = text(params, "KeyType") ?? "rsa";
  if (type !== "rsa" && type !== "ed25519") throw invalidValue(`Invalid value '${type}' for keyType.`);
  requireFreeName(region, params); // before the work of making an RSA key
  const { private: keyMaterial, public: publicKey } = makeKey(type);
  return { ...describe(addKeyPair(ec2, region, params, publicKey)), keyMaterial };
}

export function importKeyPair(ec2: Ec2, region: Region, params: Params) {
  const material = Buffer.from(requiredText(params, "PublicKeyMaterial"), "base64").toString("utf8").trim();
  return describe(addKeyPair(ec2, region, params, material));
}

export function describeKeyPairs(_ec2: Ec2, region: Region, params: Params) {
  const visible = region.keyPairs.visible();
  const names = texts(params, "KeyName");
  const unknown = names.filter((name) => !visible.some((pair) => pair.name === name));
  if (unknown.length > 0) throw noKeyPair(unknown);
  const selected = selectById(texts(params, "KeyPairId"), visible, noKeyPair).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
  const found = applyFilters(params, selected, ({ id, name, fingerprint }) => ({
    "key-name": [name],
    "key-pair-id": [id],
    fingerprint: [fingerprint],
  }));
  const withKey = isTrue(params, "IncludePublicKey");
  return {
    keySet: found.map((pair) => ({ ...describe(pair), publicKey: withKey ? pair.publicKey : undefined })),
  };
}

/** DeleteKeyPair succeeds when there is no such pair (EC2 API, DeleteKeyPair). */
export function deleteKeyPair(_ec2: Ec2, region: Region, params: Params) {
  const name = text(params, "KeyName");
  const id = text(params, "KeyPairId");
  if (name === undefined && id === undefined) requiredText(params, "KeyName");
  const pair = region.keyPairs.existing().find((one) => one.name === name || one.id === id);
  if (pair === undefined) return { return: true };
  region.keyPairs.remove(pair);
  return { return: true, keyPairId: pair.id };
}

/** A key in OpenSSH's formats. ssh2 1.17 now and then writes an ed25519 key that cannot be read: then another one. */
function makeKey(type: KeyPair["type"]): { private: string; public: string } {
  for (;;) {
    const made =
      type === "rsa"
        ? ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 })
        : ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(made.private) instanceof Error)) return made;
  }
}

function addKeyPair({ account }: Ec2, region: Region, params: Params, publicKey: string): KeyPair {
  const { type, blob } = parsePublicKey(publicKey);
  return region.keyPairs.add({
    id: newId("key"),
    name: requireFreeName(region, params),
    createdAt: account.clock.now(),
    goneAt: undefined,
    tags: specifiedTags(params, "key-pair"),
    type,
    publicKey,
    fingerprint: fingerprintOf(type, blob),
  });
}

function requireFreeName(region: Region, params: Params): string {
  const name = requiredText(params, "KeyName");
  if (name.length > 255) throw invalidValue("Key pair names may have up to 255 ASCII characters.");
  if (region.keyPairs.existing().some((pair) => pair.name === name)) {
    throw new AwsError("InvalidKeyPair.Duplicate", `The keypair already exists`);
  }
  return name;
}

function parsePublicKey(line: string): { type: KeyPair["type"]; blob: Buffer } {
  const parsed = ssh2.utils.parseKey(line);
  const type = /^ssh-(ed25519|rsa) /.exec(line)?.[1];
  if (parsed instanceof Error || (type !== "ed25519" && type !== "rsa")) {
    throw new AwsError("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  }
  return { type, blob: Buffer.from(line.split(" ")[1] ?? "", "base64") };
}

/** ED25519: SHA-256 in base64, as OpenSSH prints it. RSA: MD5 with colons (EC2 user guide, "Verify the fingerprint"). */
function fingerprintOf(type: KeyPair["type"], blob: Buffer): string {
  if (type === "ed25519") return createHash("sha256").update(blob).digest("base64");
  return (createHash("md5").update(blob).digest("hex").match(/../g) ?? []).join(":");
}

function describe({ id, name, type, fingerprint, createdAt, tags }: KeyPair) {
  return {
    keyPairId: id,
    keyName: name,
    keyType: type,
    keyFingerprint: fingerprint,
    createTime: createdAt,
    tagSet: tagSet(tags),
  };
}
