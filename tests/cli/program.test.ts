import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { explainError } from "../../cli/explain-error.ts";
import { OperatorError } from "../../cli/operator-error.ts";
import { fakeDeps, nightshift, temporaryProject } from "./fixtures/fake-deps.ts";
import { recorder } from "./fixtures/outputs.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));

const COMMANDS = [
  ...["check", "rehearse", "run", "reap", "status", "show", "timetable", "diagram", "schema"],
  ...["monitor", "incident", "ack", "heartbeat", "updates", "spipe", "keys", "ssh"],
];

describe("help", () => {
  test.each([[["--help"]], [[]]])("%j teaches: every command, and first steps", async (argv) => {
    const { out, err, status } = await nightshift(fakeDeps(root), ...argv);
    const text = out + err; // without arguments commander takes it for an error and uses stderr
    for (const command of COMMANDS) expect(text).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(text).toContain("First steps:");
    expect(text.split("\n").length).toBeLessThan(60);
    expect(status).toBe(0);
  });

  test.each(COMMANDS)("%s --help has an example", async (command) => {
    const { out, status } = await nightshift(fakeDeps(root), command, "--help");
    expect(out).toMatch(new RegExp(`Examples?:\\n  nightshift ${command}`));
    expect(status).toBe(0);
  });

  test.each(COMMANDS)("%s --help wraps its description evenly", async (command) => {
    const { out } = await nightshift(fakeDeps(root), command, "--help");
    const description = /^Usage:.*\n\n([\s\S]*?)\n\n/.exec(out)?.[1]?.split("\n") ?? [];
    const [, ...next] = description;
    // Its first word would not have fitted into the line before.
    for (const [index, line] of next.entries())
      expect(`${description[index]} ${line.split(" ")[0]}`.length).toBeGreaterThanOrEqual(80);
  });
});

describe("usage errors end with 2 and say how it is meant", () => {
  test.each([
    { argv: ["reherse", "ami-build"], says: "(Did you mean rehearse?)", why: "a mistyped command" },
    { argv: ["rehearse"], says: "missing required argument 'machine'", why: "nothing to rehearse" },
    { argv: ["rehearse", "ami-build", "--jsno"], says: "(Did you mean --json?)", why: "a mistyped option" },
    { argv: ["check", "extra"], says: "too many arguments", why: "one word too many" },
  ])("$why", async ({ argv, says }) => {
    const { err, out, status } = await nightshift(fakeDeps(root), ...argv);
    expect(err).toContain(says);
    expect(err).toMatch(/^nightshift: /);
    expect(err).toContain("add --help");
    expect(out).toBe("");
    expect(status).toBe(2);
  });
});

describe("failures end with 1 and say what to do", () => {
  test.each([
    {
      argv: ["rehearse", "ami-biuld"],
      says: 'nightshift: no machine "ami-biuld"\nDid you mean "ami-build"? There are: accounts-delete, ',
      why: "a mistyped machine",
    },
    {
      argv: ["rehearse", "ami-build", "--image", "bsae"],
      says: 'Did you mean "base"?',
      why: "a mistyped image",
    },
    {
      argv: ["rehearse", "ami-build", "--time", "tonight"],
      says: "Write it like 2026-11-22T04:00:00Z.",
      why: "no instant",
    },
    {
      argv: ["rehearse", "ami-build", "--time", "2026-11-22T04:00:00"],
      says: "--time 2026-11-22T04:00:00 is not an instant",
      why: "an instant without a zone is ambiguous",
    },
    {
      argv: ["rehearse", "ami-build", "--port", "70000"],
      says: "It is a number from 1 to 65535.",
      why: "no port",
    },
    {
      argv: ["check", "--fleet", "/nowhere/fleet.yml"],
      says: "there is no such file\nName another one with --fleet.",
      why: "no fleet file",
    },
    {
      argv: ["check", "--fleet", "/"],
      says: "it is a folder\nName another one with --fleet.",
      why: "a folder for a file",
    },
    { argv: ["show", "nobody"], says: "nightshift status", why: "an execution that nobody knows" },
    { argv: ["show", "../../etc"], says: "no execution", why: "a name that is a path" },
    {
      argv: ["run", "ami-build", "--engine", "steam"],
      says: "There are: deployed (Step Functions), embedded (this process).",
      why: "no such engine",
    },
    {
      argv: ["run", "ami-build", "--engine", "embedded", "--cloud", "rehearsal"],
      says: "nightshift rehearse",
      why: "run is for real AWS",
    },
    { argv: ["run", "ami-build"], says: "Deploy first: npm run deploy -- --stage prod", why: "not deployed" },
  ])("$why", async ({ argv, says }) => {
    const { err, out, status } = await nightshift(fakeDeps(root), ...argv);
    expect(err).toContain(says);
    expect(err).not.toContain("    at "); // no stack
    expect(out).toBe("");
    expect(status).toBe(1);
  });
});

describe("what nobody foresaw", () => {
  test("is told in a line, with the way to see more", async () => {
    const { err, status } = await nightshift(fakeDeps(root), "rehearse", "ami-build");
    expect(err).toBe(
      "nightshift: nothing to rehearse with\nThis was not foreseen. Run it again with --debug to see where it happened.\n",
    );
    expect(status).toBe(1);
  });

  test.each([
    { argv: ["rehearse", "ami-build", "--debug"], environment: {}, why: "--debug behind the command" },
    { argv: ["--debug", "rehearse", "ami-build"], environment: {}, why: "--debug before it" },
    { argv: ["rehearse", "ami-build"], environment: { NIGHTSHIFT_DEBUG: "1" }, why: "NIGHTSHIFT_DEBUG" },
  ])("shows its stack with $why", async ({ argv, environment }) => {
    const { err } = await nightshift(fakeDeps(root, { environment }), ...argv);
    expect(err).toMatch(/^Error: nothing to rehearse with\n +at /);
  });
});

describe("errors in words", () => {
  const named = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name }, more);

  test.each([
    {
      error: new OperatorError("no quota", "Ask for more."),
      says: "nightshift: no quota\nAsk for more.\n",
      why: "an operator's error",
    },
    {
      error: named("FleetError", "fleet.yml:1:2: wrong\nfleet.yml:3:4: wrong"),
      says: "fleet.yml:1:2: wrong\nfleet.yml:3:4: wrong\n",
      why: "a fleet's problems stand as editors read them",
    },
    {
      error: named("ExecutionRefusedError", "it runs already"),
      says: "nightshift: it runs already\n",
      why: "an engine's refusal says all there is",
    },
    {
      error: named("Error", "listen", { code: "EADDRINUSE", port: 4566 }),
      says: "nightshift: port 4566 is occupied by another program\nLeave --port out to have a free one chosen.\n",
      why: "an occupied port",
    },
    {
      error: "thrown text",
      says: "nightshift: thrown text\nThis was not foreseen.",
      why: "something that is no error",
    },
  ])("$why", ({ error, says }) => {
    const err = recorder();
    explainError(error, err, false);
    expect(err.text()).toContain(says);
  });
});

test("where a rehearsal's folder cannot be made, it says which, why, and what it must be like", async () => {
  const other = temporaryProject();
  const loaded = { loadRehearse: async () => async () => Promise.reject(new Error("it began")) };
  writeFileSync(join(other, ".nightshift"), "");
  const { err, out, status } = await nightshift(fakeDeps(other, loaded), "rehearse", "ami-build");
  rmSync(other, { recursive: true });
  expect(err).toMatch(
    /^nightshift: cannot make the rehearsal's folder: ENOTDIR.*\.nightshift\/rehearsals\/.*\nA rehear/,
  );
  expect({ out, status }).toEqual({ out: "", status: 1 });
});
