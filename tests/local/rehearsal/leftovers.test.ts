import { expect, it } from "@jest/globals";
import type { Resource } from "../../../local/cloud/contract.ts";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";

const EXPIRES = { "nightshift:expires-at": "2026-11-22T08:00:00.000Z" };

function resource(type: Resource["type"], changes: Partial<Resource> = {}): Resource {
  const createdAt = new Date("2026-11-22T04:00:00Z");
  return {
    type,
    region: "us-east-1",
    id: "x",
    name: "x",
    state: "available",
    tags: {},
    createdAt,
    ...changes,
  };
}

it.each<[string, Resource, boolean]>([
  ["a published image has lost its expiry", resource("image"), false],
  ["an image that was never published has not", resource("image", { tags: EXPIRES }), true],
  ["a published image's snapshot", resource("snapshot"), false],
  ["the snapshot of a half-made copy", resource("snapshot", { tags: EXPIRES }), true],
  ["an image's pointer", resource("parameter", { name: "/nightshift/prod/images/base" }), false],
  ["a pipe's key", resource("parameter", { name: "/nightshift/pipes/mail" }), false],
  ["a build's SSH key", resource("parameter", { name: "/nightshift/prod/builds/base-1/ssh-key" }), true],
  ["what is written down of builds and mails", resource("table-item"), false],
  ["usage, and what the nights keep of it", resource("object"), false],
  ["a builder, for as long as EC2 knows it", resource("instance"), true],
  ["a builder's disk", resource("volume"), true],
  ["a host that was there before", resource("instance", { tags: { "rehearsal:host": "www" } }), false],
  ["and its disk", resource("volume", { tags: { "rehearsal:host": "www" } }), false],
  ["a build's key pair", resource("key-pair"), true],
  ["a build's security group", resource("security-group"), true],
])("%s", (_, one, isLeft) => {
  expect(leftoversOf([one])).toEqual(isLeft ? [one] : []);
});
