import { describe, expect, test } from "@jest/globals";
import { progressView } from "../../../cli/view/progress.ts";
import type { Terminal } from "../../../cli/view/terminal.ts";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { at, BUILD, entered, exited, failed, retried, started, task, wait } from "../fixtures/events.ts";
import { screen, terminal } from "../fixtures/outputs.ts";

/** Shows events, each one tenth of a real second after the one before. */
function show(events: readonly ExecutionEvent[], options: Partial<Terminal> = {}) {
  const shown = terminal(options);
  let now = 1_000_000;
  const view = progressView({ terminal: shown, times: "real and simulated", now: () => now });
  for (const event of events) {
    now += 100;
    view.take(event);
  }
  return { view, writes: shown.writes, pass: (milliseconds: number) => (now += milliseconds) };
}

const BUILD_LINES = [
  "✓ ValidateBuild                               0.1 s   simulated 1 s",
  "✓ LaunchBuilder                               0.1 s   simulated 8 s",
  "✓ CheckBuilder ×3                             1.5 s   simulated 45 s",
  "✓ CreateImage                                 0.1 s   simulated 6 s",
  "↻ CopyImage us-west-2: RequestLimitExceeded, retry 1 in 2 s",
  "✓ CopyImage eu-west-1                         0.2 s   simulated 1 s",
  "✓ CopyImage us-west-2                         0.4 s   simulated 2 s",
  "✓ CheckCopy us-west-2                         0.3 s   simulated 5 min",
  "✓ CheckCopy eu-west-1                         0.3 s   simulated 5 min",
  "✓ CopyToRegions                               1.4 s   simulated 5 min 2 s",
  "✓ CleanUp ×2                                  0.5 s   simulated 31 s",
  "✓ SendMessage                                 0.1 s   simulated 1 s",
  "✓ ami-build succeeded                         5.2 s   simulated 6 min 34 s",
];

describe("on a plain output", () => {
  test("one line per state, poll loops as one, retries on their own", () => {
    const { writes } = show(BUILD);
    expect(writes.join("").split("\n").slice(0, -1)).toEqual(BUILD_LINES);
  });

  test("no control characters, and only ASCII where the locale has no UTF-8", () => {
    const text = show(BUILD, { unicode: false }).writes.join("");
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain("ok     CheckBuilder x3 ");
    expect(text).toContain("retry  CopyImage us-west-2: RequestLimitExceeded, retry 1 in 2 s\n");
  });

  test("a minute of silence is broken by what is under way", () => {
    const { view, writes, pass } = show([started(), ...task(0, 1, "Launch"), ...wait(1, 61, "WaitForBoot")]);
    pass(60_000);
    view.take(entered(61, "CheckBuilder"));
    view.take(exited(61, "CheckBuilder"));
    expect(writes.join("")).toMatch(/^✓ Launch .*\n$/); // that line was news enough
    pass(60_000);
    view.take(entered(61, "WaitForBoot", "Wait"));
    expect(writes.at(-1)).toMatch(/^· CheckBuilder \(WaitForBoot\) /);
  });

  test("ticking and closing write nothing", () => {
    const { view, writes } = show(BUILD.slice(0, 5));
    const before = writes.length;
    view.tick();
    view.close();
    expect(writes).toHaveLength(before);
  });
});

describe("on a terminal", () => {
  const live = { interactive: true, columns: () => 80 };

  test("when all is over, the screen shows what a plain output would", () => {
    expect(screen(show(BUILD, live).writes)).toEqual([...BUILD_LINES, ""]);
  });

  test("under way: the state, how often, what it waits for, both times", () => {
    const { writes } = show(BUILD.slice(0, 20), live);
    expect(screen(writes).slice(0, -1)).toEqual([
      BUILD_LINES[0],
      BUILD_LINES[1],
      "· CheckBuilder ×2 (WaitForBoot)               1.2 s   simulated 30 s",
    ]);
  });

  test("a tick lets real time go on, while simulated time stands still", () => {
    const { view, writes, pass } = show([started(), entered(0, "ValidateBuild")], live);
    pass(2500);
    view.tick();
    expect(screen(writes)).toEqual([
      "· ValidateBuild                               2.5 s   simulated 0 s",
      "",
    ]);
  });

  test("closing in the middle takes away only what was under way", () => {
    const { view, writes } = show([started(), ...task(0, 1, "A"), entered(1, "B")], live);
    view.close();
    expect(screen(writes)).toEqual([
      "✓ A                                           0.1 s   simulated 1 s",
      "",
    ]);
  });

  test("a Map over many items keeps to a few lines", () => {
    const items = Array.from({ length: 40 }, (_, index) => entered(1, "Charge", "Task", `account-${index}`));
    const lines = screen(show([started(), entered(0, "ChargeAll", "Map"), ...items], live).writes);
    expect(lines).toHaveLength(8);
    expect(lines.at(-2)).toBe("  and 34 more");
  });

  test("no line reaches the last column, whatever an error says", () => {
    const cause = `first ${"long ".repeat(60)}\nsecond`;
    const { writes } = show(
      [started(), entered(0, "InspectDisk"), failed(1, "InspectDisk", "InspectionError", cause)],
      {
        interactive: true,
        columns: () => 60,
      },
    );
    for (const line of screen(writes)) expect(line.length).toBeLessThan(60);
    expect(screen(writes)[0]).toMatch(/^✗ InspectDisk: InspectionError: first long .*\.\.\.$/);
  });

  test("colour is on the marks and the times, and only where it is wanted", () => {
    const events = [started(), ...task(0, 1, "A"), ...task(1, 2, "B")];
    expect(show(events, { ...live, colour: true }).writes.join("")).toContain("\u001b[32m✓\u001b[0m A");
    expect(show(events, live).writes.join("")).not.toContain("\u001b[32m");
  });

  test("what a machine prints cannot move the cursor", () => {
    const events = [started(), entered(0, "A"), failed(1, "A", "Error", "evil \u001b[2J\u0007 text")];
    expect(show(events).writes.join("")).toContain("✗ A: Error: evil  [2J  text");
  });
});

describe("endings", () => {
  const rows: { why: string; events: ExecutionEvent[]; lines: RegExp[] }[] = [
    {
      why: "a task that is retried in vain fails, clean-up follows, the run fails with the same reason",
      events: [
        started(),
        entered(0, "CreateImage"),
        retried(0, "CreateImage", 1, 2),
        failed(2, "CreateImage", "TransientError", "InternalError: An internal error has occurred"),
        ...wait(2, 32, "SettleBeforeCleanUp"),
        ...task(32, 33, "CleanUpAfterFailure"),
        {
          at: at(33),
          type: "executionFailed",
          error: "TransientError",
          cause: "InternalError: An internal error",
        },
      ],
      lines: [
        /^↻ CreateImage: RequestLimitExceeded, retry 1 in 2 s$/,
        /^✗ CreateImage: InternalError: An internal error has occurred +0\.2 s {3}simulated 2 s$/,
        /^✓ CleanUpAfterFailure +0\.\d s {3}simulated 31 s$/, // the wait before it counts
        /^✗ ami-build failed: InternalError: An internal error +0\.8 s/,
      ],
    },
    {
      why: "Lambda's JSON cause is read, its trace is not shown",
      events: [
        started(),
        entered(0, "ValidateBuild"),
        failed(
          1,
          "ValidateBuild",
          "BuildRefusedError",
          '{"errorType":"BuildRefusedError","errorMessage":"us-west-9 is not enabled","trace":["at x"]}',
        ),
      ],
      lines: [/^✗ ValidateBuild: BuildRefusedError: us-west-9 is not enabled +0\.1 s {3}simulated 1 s$/],
    },
    {
      why: "an item that fails is named; the one beside it is shown when the machine goes on",
      events: [
        started(),
        entered(0, "CopyToRegions", "Map"),
        entered(0, "CopyImage", "Task", "eu-west-1"),
        ...task(0, 1, "CopyImage", "us-west-2"),
        failed(2, "CopyImage", "CopyFailedError", "no room", "eu-west-1"),
        exited(2, "CopyToRegions"), // so it is told although the failure was caught
        ...task(2, 3, "CleanUpAfterFailure"),
        { at: at(3), type: "executionFailed", error: "CopyFailedError", cause: "no room" },
      ],
      lines: [
        /^✗ CopyImage eu-west-1: CopyFailedError: no room/,
        /^✓ CopyImage us-west-2/,
        /^✗ CopyToRegions: 1 failed/,
        /^✓ CleanUpAfterFailure/,
        /^✗ ami-build failed: CopyFailedError: no room/,
      ],
    },
    {
      why: "a loop that gives up says how often it looked before it says why",
      events: [
        started(),
        ...task(0, 0, "CheckImage"),
        ...wait(0, 30, "WaitForImage"),
        entered(30, "CheckImage"),
        failed(30, "CheckImage", "TooLateError", "not in time"),
      ],
      lines: [/^✗ CheckImage ×2: TooLateError: not in time +0\.\d s {3}simulated 30 s$/],
    },
    {
      why: "an abort without a word",
      events: [started(), ...task(0, 1, "A"), { at: at(2), type: "executionAborted", cause: "" }],
      lines: [/^✓ A /, /^✗ ami-build was aborted +0\.3 s {3}simulated 2 s$/],
    },
  ];

  test.each(rows)("$why", ({ events, lines }) => {
    const shown = show(events).writes.join("").split("\n").slice(0, -1);
    expect(shown).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(shown[index]).toMatch(line);
  });
});
