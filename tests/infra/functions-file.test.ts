import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readFunctionsFile } from "../../infra/functions-file.ts";

const root = mkdtempSync(join(tmpdir(), "nightshift-functions-"));
afterAll(() => rmSync(root, { recursive: true }));

function read(text: string) {
  mkdirSync(join(root, "functions/mail"), { recursive: true });
  writeFileSync(join(root, "functions/mail/functions.yml"), text);
  return readFunctionsFile(root, "mail");
}

const LIST = "[{ may: [ses:SendRawEmail], on: [identity] }]";
const PERMISSIONS = [{ may: ["ses:SendRawEmail"], on: ["identity"] }];

test("a list of permissions is an entry with the usual timeout", () => {
  expect(read(`send-message: ${LIST}`)).toEqual({
    "send-message": { permissions: PERMISSIONS, timeoutSeconds: undefined },
  });
});

test("an entry may say its own timeout", () => {
  expect(read(`send-message: { timeoutSeconds: 300, permissions: ${LIST} }`)).toEqual({
    "send-message": { permissions: PERMISSIONS, timeoutSeconds: 300 },
  });
});

test.each([
  [`{ timeoutSeconds: 901, permissions: ${LIST} }`, "Lambda ends everything after 900 s"],
  [`{ timeoutSeconds: 0, permissions: ${LIST} }`, "no time at all"],
  [`{ timeoutSeconds: 1.5, permissions: ${LIST} }`, "Lambda takes whole seconds"],
  ["{ timeoutSeconds: 300 }", "no permissions: a function without any says []"],
  [`{ timeout: 300, permissions: ${LIST} }`, "a mistyped word"],
  ["[{ may: ['ses:*'] }]", "a wildcard"],
])("%s is refused: %s", (entry, _why) => {
  expect(() => read(`send-message: ${entry}`)).toThrow(/functions\/mail\/functions\.yml: /);
});
