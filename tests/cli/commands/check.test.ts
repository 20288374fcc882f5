import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { edited } from "../../layers/fleet/fleet-text.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

function check(from: string, to: string) {
  const fleet = join(root, "changed.yml");
  writeFileSync(fleet, edited(from, to));
  return nightshift(fakeDeps(root), "check", "--fleet", fleet);
}

describe("nightshift check", () => {
  test("says what is built, who is billed and what is watched", async () => {
    const { out, err, status } = await nightshift(fakeDeps(root), "check");
    for (const part of ["image base: ", "billing of ", "monitor in us-west-2: 14 checks"])
      expect(out).toContain(`\n${part}`);
    expect([err, status]).toEqual(["", 0]);
  });

  test("knows which machines there are to be watched", async () => {
    const { out, err, status } = await check("machine: billing-nightly", "machine: billing-nigthly");
    expect(err).toMatch(
      /^nightshift: no machine "billing-nigthly"\nDid you mean "billing-nightly"\? There are: /,
    );
    expect([out, status]).toEqual(["", 1]);
  });

  test("points at what is wrong with a monitor, as editors jump to", async () => {
    const { err, status } = await check("parent: mail-ssh", "parent: mail-shs");
    expect(err).toMatch(
      /changed\.yml:\d+:\d+: monitor\.checks\.mail\.parent: there is no check "mail-shs"\n$/,
    );
    expect(status).toBe(1);
  });
});
