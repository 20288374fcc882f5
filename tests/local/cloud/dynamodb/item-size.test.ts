import { expect, test } from "@jest/globals";
import { itemSize, writeUnitsOf } from "../../../../local/cloud/dynamodb/item-size.ts";

// DynamoDB guide, "DynamoDB Item sizes and formats"; every name here is one byte.
test.each<[string, object, number]>([
  ["text, by its bytes and not its characters", { a: { S: "é€" } }, 1 + 2 + 3],
  ["a number, two digits a byte", { a: { N: "1234" } }, 1 + 2 + 1],
  ["an odd digit more", { a: { N: "12345" } }, 1 + 3 + 1],
  ["zeros on either side are not significant", { a: { N: "0001200" } }, 1 + 1 + 1],
  ["nor is an exponent", { a: { N: "12E+10" } }, 1 + 1 + 1],
  ["a sign is a byte", { a: { N: "-12" } }, 1 + 1 + 1 + 1],
  ["38 digits", { a: { N: "9".repeat(38) } }, 1 + 19 + 1],
  ["bytes", { a: { B: Buffer.alloc(10).toString("base64") } }, 1 + 10],
  ["what is true or nothing", { a: { BOOL: true }, b: { NULL: true } }, 2 + 2],
  ["a set", { a: { NS: ["12", "34"] } }, 1 + 2 + 2],
  ["a list: 3 bytes, and one for each", { a: { L: [{ S: "x" }, { S: "y" }] } }, 1 + 3 + 2 * (1 + 1)],
  [
    "a map: 3 bytes, and one for each, and names",
    { a: { M: { b: { S: "x" }, c: { S: "y" } } } },
    1 + 3 + 2 * 3,
  ],
  ["nothing", {}, 0],
])("%s", (_what, item, size) => {
  expect(itemSize(item as Record<string, unknown>)).toBe(size);
});

test.each([
  [undefined, 1],
  [{}, 1],
  [{ a: { S: "x".repeat(1023) } }, 1],
  [{ a: { S: "x".repeat(1024) } }, 2],
])("write units", (item, units) => {
  expect(writeUnitsOf(item)).toBe(units);
});
