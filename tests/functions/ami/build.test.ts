import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type BuildRequest,
  buildId,
  clientToken,
  imageName,
  keyParameterName,
  pointerName,
  resourceName,
} from "../../../functions/ami/build.ts";
import { sampleBuild, sampleClaim } from "./fakes/sample-build.ts";

const REQUEST: BuildRequest = {
  stage: "prod",
  image: "base",
  time: new Date("2026-11-22T04:00:00Z"),
  release: "15.1",
  arch: "amd64",
  recipeHash: "3f2a9c1d77".padEnd(64, "0"),
};

describe("a build's identity", () => {
  test("reads as image, minute, release, architecture and recipe", () => {
    expect(buildId(REQUEST)).toBe("base-20261122-0400-15.1-amd64-3f2a9c1d");
  });

  const same: [why: string, change: Partial<BuildRequest>][] = [
    [
      "a schedule that fired some seconds late is the same night",
      { time: new Date("2026-11-22T04:00:59.999Z") },
    ],
    ["an operator's local time is the same instant", { time: new Date("2026-11-22T05:00:00+01:00") }],
    ["eight digits of the recipe are enough to tell", { recipeHash: "3f2a9c1d77".padEnd(64, "f") }],
  ];
  test.each(same)("the same: %s", (_why, change) => {
    expect(buildId({ ...REQUEST, ...change })).toBe(buildId(REQUEST));
  });

  const other: [why: string, change: Partial<BuildRequest>][] = [
    ["the next minute", { time: new Date("2026-11-22T04:01:00Z") }],
    ["another image", { image: "mail" }],
    ["another release", { release: "15.2" }],
    ["another architecture", { arch: "arm64" }],
    ["a changed fleet file", { recipeHash: "a".repeat(64) }],
  ];
  test.each(other)("another: %s", (_why, change) => {
    expect(buildId({ ...REQUEST, ...change })).not.toBe(buildId(REQUEST));
  });

  test("ids of one image sort by time, which is how the build before is found", () => {
    const instant = fc.date({
      min: new Date("2020-01-01"),
      max: new Date("2100-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, instant, (one, two) => {
        const [earlier, later] = one < two ? [one, two] : [two, one];
        expect(buildId({ ...REQUEST, time: earlier }) <= buildId({ ...REQUEST, time: later })).toBe(true);
      }),
    );
  });
});

/** Every request that the fleet's schema and the settings let through. */
const anyRequest = fc.record({
  stage: fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/),
  image: fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/),
  time: fc.date({ min: new Date("2020-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
  release: fc.stringMatching(/^1[45]\.\d{1,2}$/),
  arch: fc.constantFrom("amd64" as const, "arm64" as const),
  recipeHash: fc.stringMatching(/^[0-9a-f]{64}$/),
});

describe("names that AWS accepts, for any image", () => {
  const limits: [what: string, name: (stage: string, id: string) => string, allowed: RegExp][] = [
    ["AMI (EC2 API, CreateImage)", imageName, /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/],
    [
      "security group in a VPC (CreateSecurityGroup)",
      resourceName,
      /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
    ],
    ["key pair (CreateKeyPair: 255 ASCII characters)", resourceName, /^[\x20-\x7e]{1,255}$/],
    ["tag value (256 characters)", imageName, /^.{1,256}$/],
    ["SSM parameter (PutParameter)", keyParameterName, /^(?!\/(aws|ssm)\b)(\/[A-Za-z0-9_.-]+){1,15}$/],
  ];
  test.each(limits)("%s", (_what, name, allowed) => {
    fc.assert(
      fc.property(anyRequest, (request) => expect(name(request.stage, buildId(request))).toMatch(allowed)),
    );
  });

  test("stages do not share a name", () => {
    expect(imageName("prod", "x")).not.toBe(imageName("test", "x"));
    expect(pointerName("prod", "base")).toBe("/nightshift/prod/images/base");
    expect(keyParameterName("prod", "x")).toBe("/nightshift/prod/builds/x/ssh-key");
  });
});

describe("client tokens", () => {
  const build = sampleBuild();
  const claim = sampleClaim();

  test("at most 64 ASCII characters, whatever the purpose (EC2 API, Ensuring idempotency)", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat())), (purpose) =>
        expect(clientToken(build, claim, ...purpose)).toMatch(/^[\x21-\x7e]{1,64}$/),
      ),
    );
  });

  test("the same purpose gives the same token: a repeated call is answered, not carried out", () => {
    expect(clientToken(build, claim, "launch", 0)).toBe(
      clientToken(sampleBuild(), sampleClaim(), "launch", 0),
    );
  });

  const differs: [why: string, token: string][] = [
    ["another purpose", clientToken(build, claim, "copy", 0)],
    ["the builder after a dead one", clientToken(build, claim, "launch", 1)],
    [
      "another stage's build",
      clientToken(sampleBuild({ imageName: imageName("other", build.id) }), claim, "launch", 0),
    ],
    ["another build", clientToken(sampleBuild({ id: "other" }), claim, "launch", 0)],
    [
      "a new generation: EC2 remembers the tokens of the old one",
      clientToken(build, sampleClaim({ generation: 2 }), "launch", 0),
    ],
  ];
  test.each(differs)("differs: %s", (_why, token) => {
    expect(token).not.toBe(clientToken(build, claim, "launch", 0));
  });
});
