import { expect, test } from "@jest/globals";
import { quoted } from "#hosts";

test.each([
  ["a plain text", "curl 8.17.0", "curl 8.17.0"],
  ["lines and escape sequences", "a\r\nBcc: x@y.z\u001b[2J", "a Bcc: x@y.z [2J"],
  ["what turns text around, or is not seen", "a\u202eb\u2028c\u200bd", "a b c d"],
  ["half a character, which is no UTF-8", "a\ud83d b\udc00", "a\ufffd b\ufffd"],
  ["a long text", "x".repeat(201), `${"x".repeat(200)}...`],
  [
    "a long text that is cut within a character",
    `${"x".repeat(199)}\u{1f600}!`,
    `${"x".repeat(199)}\ufffd...`,
  ],
])("%s", (_why, text, shown) => {
  expect(quoted(text)).toBe(shown);
});
