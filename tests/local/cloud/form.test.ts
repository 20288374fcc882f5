import { describe, expect, test } from "@jest/globals";
import { list, structures, text, texts, unfoldForm } from "../../../local/cloud/form.ts";
import { Repeated, toXml } from "../../../local/cloud/xml.ts";

describe("unfolding a form", () => {
  test.each([
    ["a scalar", "Action=X&Name=a%2Fb", { Action: "X", Name: "a/b" }],
    ["a list, in order of its numbers", "Id.2=b&Id.10=c&Id.1=a", { Id: ["a", "b", "c"] }],
    ["structures in a list", "Tag.1.Key=k&Tag.1.Value=v", { Tag: [{ Key: "k", Value: "v" }] }],
    [
      "a list in a structure in a list",
      "Filter.1.Name=n&Filter.1.Value.1=v",
      { Filter: [{ Name: "n", Value: ["v"] }] },
    ],
    ["the query protocol's member", "To.member.1=a", { To: { member: ["a"] } }],
    ["an empty value", "Description=", { Description: "" }],
  ])("%s", (_why, body, params) => {
    expect(unfoldForm(body)).toEqual(params);
  });

  test("lists are found in either form", () => {
    expect(texts(unfoldForm("Id.1=a&Id.2=b"), "Id")).toEqual(["a", "b"]);
    expect(texts(unfoldForm("Id.member.1=a"), "Id")).toEqual(["a"]);
    expect(list(unfoldForm("Id="), "Id")).toEqual([]);
    expect(structures(unfoldForm("Tag.1.Key=k"), "Tag").map((tag) => text(tag, "Key"))).toEqual(["k"]);
  });
});

describe("writing XML", () => {
  test.each([
    ["what could break out of it is escaped", { a: "<&>" }, "<a>&lt;&amp;&gt;</a>"],
    ["carriage returns survive the parser", { a: "x\r\n" }, "<a>x&#xD;\n</a>"],
    ["undefined is left out, empty is not", { a: undefined, b: "" }, "<b></b>"],
    ["a list", { a: [1, true] }, "<a><item>1</item><item>true</item></a>"],
    [
      "entries of a map",
      { m: { entry: new Repeated([{ key: "k" }, { key: "l" }]) } },
      "<m><entry><key>k</key></entry><entry><key>l</key></entry></m>",
    ],
    ["an instant", { at: new Date(0) }, "<at>1970-01-01T00:00:00.000Z</at>"],
  ])("%s", (_why, value, xml) => {
    expect(toXml(value, "item")).toBe(xml);
  });
});
