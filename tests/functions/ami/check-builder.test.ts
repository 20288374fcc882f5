import { describe, expect, test } from "@jest/globals";
import { checkBuilder } from "../../../functions/ami/check-builder.ts";
import type { Builder } from "../../../functions/ami/ports.ts";
import { fakePool } from "./fakes/fake-pool.ts";
import { NOW } from "./fakes/sample-build.ts";

const KEY = `SHA256:${"d".repeat(43)}`;
const BLOCK = [
  "ec2: -----BEGIN SSH HOST KEY FINGERPRINTS-----",
  `ec2: 256 ${KEY} root@freebsd (ED25519)`,
  "ec2: -----END SSH HOST KEY FINGERPRINTS-----",
].join("\r\n");

function look(builder: Partial<Builder> | undefined, console = "", attempt = 1) {
  const pool = fakePool();
  if (builder !== undefined) pool.put({ id: "i-1", ...builder });
  pool.consoles.set("i-1", console);
  return checkBuilder({ instanceId: "i-1", attempt, now: NOW, deadlineAt: "2026-11-22T06:00:00Z" }, pool);
}

test("running, and its keys are on the console: ready, with where it is", async () => {
  expect(await look({}, BLOCK)).toEqual({ ready: true, builder: { host: "192.0.2.7", hostKeys: [KEY] } });
});

describe("not yet", () => {
  const rows: [why: string, builder: Partial<Builder> | undefined, console: string, attempt: number][] = [
    ["it is pending", { state: "pending" }, "", 3],
    ["it is pending, and the console shows the keys of a former life", { state: "pending" }, BLOCK, 3],
    ["it runs, and the console is empty", {}, "", 3],
    ["it runs, and the block has no end yet", {}, BLOCK.slice(0, -20), 3],
    ["it has no address yet", { address: undefined }, BLOCK, 3],
    ["it does not show in the first describe after its launch", undefined, "", 0],
  ];
  test.each(rows)("%s", async (_why, builder, console, attempt) => {
    expect(await look(builder, console, attempt)).toEqual({
      ready: false,
      wait: { attempt: attempt + 1, seconds: 30 },
    });
  });
});

describe("never", () => {
  const rows: [
    why: string,
    builder: Partial<Builder> | undefined,
    attempt: number,
    error: string,
    message: RegExp,
  ][] = [
    ["it does not exist on the second look", undefined, 1, "BuilderLostError", /i-1 does not exist any more/],
    [
      "it ended by itself",
      { state: "gone", stateReason: "Server.InternalError" },
      1,
      "BuilderLostError",
      /Server\.InternalError/,
    ],
    [
      "it is ending",
      { state: "stopping", stateReason: "Client.InstanceInitiatedShutdown" },
      0,
      "BuilderLostError",
      /Client/,
    ],
    ["it was looked for often enough", {}, 60, "WaitedTooLongError", /the builder to boot/],
  ];
  test.each(rows)("%s", async (_why, builder, attempt, name, message) => {
    await expect(look(builder, "", attempt)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });
});
