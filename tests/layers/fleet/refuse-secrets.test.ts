import { expect, test } from "@jest/globals";
import { refuseSecrets } from "../../../layers/fleet/refuse-secrets.ts";
import { complaints, edited } from "./fleet-text.ts";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256)).toString("base64");

/** where, value, refused, reason */
const VALUES: readonly [string, string, boolean, string][] = [
  ["content", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", true, "a private SSH key"],
  ["content", "-----BEGIN PRIVATE KEY-----\nMC4C\n", true, "a private key in PKCS 8"],
  ["publicKey", "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n", false, "public on purpose"],
  ["command", "AKIAIOSFODNN7EXAMPLE", true, "an AWS access key id"],
  ["command", "curl -d password=hunter2 x", true, "a password in a command"],
  ["command", "curl -d password=$PASSWORD x", false, "a password by reference"],
  ["command", "passwd root", false, "the command passwd"],
  ["smtp_password", "x", true, "a key that says it holds one"],
  ["keyParameter", KEY, true, "a spiped key instead of its parameter"],
  ["keyParameter", "/nightshift/pipes/MAIL", false, "a parameter's name"],
  ["fingerprint", "0123456789abcdef".repeat(4), false, "a digest in hexadecimal"],
  ["path", "/usr/local/libexec/Plugins9/check/Everything/again", false, "a long path"],
  ["description", "An ordinary sentence about tokens and secrets, with 12 words in it.", false, "prose"],
];

test.each(VALUES)("%s: %j refused: %s", (key, value, refused) => {
  expect(refuseSecrets({ list: [{ [key]: value }] }).length > 0).toBe(refused);
});

test("the complaint gives the place and advice, and never repeats the secret", () => {
  const found = complaints(edited("keyParameter: /nightshift/pipes/MAIL\n", `keyParameter: ${KEY}\n`));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/images\.base\.pipes\.MAIL\.keyParameter: looks like a secret.*SSM SecureString/);
  expect(found[0]).not.toContain(KEY.slice(0, 8));
});
