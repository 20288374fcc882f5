import { describe, expect, test } from "@jest/globals";
import { offers, readReply, readReplyLine } from "../../../../functions/monitor/findings/smtp-reply.ts";

describe("a line of a reply", () => {
  test.each([
    ["250 OK", { code: 250, isLast: true, text: "OK" }, "the last, or only one"],
    ["250-mail.example.org", { code: 250, isLast: false, text: "mail.example.org" }, "others follow"],
    ["250", { code: 250, isLast: true, text: "" }, "a code alone is tolerated (RFC 5321, 4.2)"],
    ["250-", { code: 250, isLast: false, text: "" }, "without text"],
    ["220 a - b", { code: 220, isLast: true, text: "a - b" }, "the text may have anything"],
    ["250_x", undefined, "another character behind the code"],
    ["250x", undefined, "none"],
    ["25 OK", undefined, "two digits"],
    ["199 OK", undefined, "no such first digit"],
    ["260 OK", undefined, "no such second digit"],
    ["", undefined, "nothing"],
    ["HTTP/1.1 200 OK", undefined, "another protocol"],
  ])("%j", (line, parts, _why) => {
    expect(readReplyLine(line)).toEqual(parts);
  });
});

describe("a reply", () => {
  test.each([
    [["220 hello"], { code: 220, lines: ["hello"] }, "one line"],
    [["250-a", "250-b", "250 c"], { code: 250, lines: ["a", "b", "c"] }, "several"],
    [["250-a", "220 b"], undefined, "two codes"],
    [["250-a"], undefined, "no end"],
    [["250 a", "250 b"], undefined, "two ends"],
    [[], undefined, "nothing"],
    [["250-a", "what", "250 b"], undefined, "something else in between"],
  ])("%j", (lines, reply, _why) => {
    expect(readReply(lines)).toEqual(reply);
  });

  test.each([
    [["mail", "STARTTLS"], true, "by its name"],
    [["mail", "starttls"], true, "in any case"],
    [["mail", "AUTH PLAIN"], false, "another"],
    [["mail", "STARTTLSX"], false, "a longer one"],
    [["mail", "X STARTTLS"], false, "as a parameter"],
    [["STARTTLS"], false, "as the server's own name"],
  ])("offers STARTTLS: %j", (lines, isOffered) => {
    expect(offers({ code: 250, lines }, "STARTTLS")).toBe(isOffered);
  });
});
