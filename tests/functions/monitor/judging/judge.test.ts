import { describe, expect, it } from "@jest/globals";
import { type Line, play } from "./timeline.ts";

const USUAL = { failuresBeforeAlarm: 3, successesBeforeRecovery: 2 };

describe("failing and recovering", () => {
  it("three failures in a row are an alarm, two successes end it", () => {
    const state = play(USUAL, [
      ["G", "good", "all is well"],
      ["F", "failing", "one failure is no alarm"],
      ["T", "failing", "nor are two, and no answer counts as a failure"],
      ["F", "open failing", "the third in a row"],
      ["F", "alarm", "there is an incident already"],
      ["G", "alarm", "one success is no recovery"],
      ["G", "recover", "the second in a row"],
      ["G", "good", "and it is over"],
    ]);
    expect(state).toMatchObject({ incident: undefined, failures: 0, since: "2026-11-27T03:06:00.000Z" });
  });

  it("a success in between begins the count anew", () => {
    play(USUAL, [
      ["F", "failing", "the first result ever may be bad"],
      ["F", "failing", "two"],
      ["G", "good", "back"],
      ["F", "failing", "one again"],
      ["F", "failing", "two again"],
    ]);
  });

  it("a failure during recovery begins the successes anew, and is no second incident", () => {
    play(USUAL, [
      ["F", "failing", ""],
      ["F", "failing", ""],
      ["F", "open failing", ""],
      ["G", "alarm", "one"],
      ["F", "alarm", "not yet"],
      ["G", "alarm", "one again"],
      ["G", "recover", "two in a row"],
    ]);
  });

  it("with thresholds of one every change is a transition", () => {
    play({ failuresBeforeAlarm: 1, successesBeforeRecovery: 1 }, [
      ["F", "open failing", "at once"],
      ["G", "recover", "at once"],
      ["F", "open failing", "another incident"],
    ]);
  });

  it("says since when it is not good, from the first failure on", () => {
    const story: Line[] = [
      ["G", "good", ""],
      ["F", "failing", "since here"],
      ["F", "failing", ""],
      ["F", "open failing", ""],
      ["G", "alarm", ""],
    ];
    expect(play(USUAL, story)?.since).toBe("2026-11-27T03:01:00.000Z");
  });
});

describe("flapping", () => {
  const flaps: Line[] = [
    ["G", "good", "well"],
    ["F", "failing", "1 change"],
    ["G", "good", "2"],
    ["F", "failing", "3"],
    ["G", "good", "4"],
    ["F", "failing", "5: 28.5 %"],
    ["G", "open flapping", "6: 33.9 %, more than 30"],
  ];

  it("a check that cannot decide is one incident, though it never fails three times", () => {
    play(USUAL, [...flaps, ["F", "alarm", "the same one"], ["G", "alarm", "and again"]]);
  });

  it("the incident ends when it has calmed down", () => {
    const calm: Line[] = Array.from({ length: 14 }, () => ["G", "alarm", "still above 25 %"]);
    expect(play(USUAL, [...flaps, ...calm, ["G", "recover", "below 25 %, and good"]])?.isFlapping).toBe(
      false,
    );
  });

  it("a check that stays down after flapping stays in alarm, as the same incident", () => {
    const down: Line[] = Array.from({ length: 24 }, () => ["F", "alarm", "one incident"]);
    expect(play(USUAL, [...flaps, ...down])).toMatchObject({
      phase: "alarm",
      isFlapping: false,
      incident: 1,
    });
  });

  it("an incident that flaps does not recover between two changes", () => {
    play({ failuresBeforeAlarm: 1, successesBeforeRecovery: 1 }, [
      ["F", "open failing", "1 incident"],
      ["G", "recover", "1 change"],
      ["F", "open failing", "2 changes"],
      ["G", "recover", "3"],
      ["F", "open failing", "4"],
      ["G", "recover", "5"],
      ["F", "open failing", "6: flaps from here"],
      ["G", "alarm", "and so does not recover"],
      ["F", "alarm", "nor open another"],
    ]);
  });
});

describe("silence", () => {
  it("keeps a child from alarm while its parent fails, and for its own threshold after", () => {
    play(USUAL, [
      ["G", "good", ""],
      ["F", "failing", "the parent fails, too", "parent"],
      ["F", "failing", "", "parent"],
      ["F", "failing", "", "parent"],
      ["F", "failing", "", "parent"],
      ["F", "failing", "the parent is back; this is the first that counts"],
      ["F", "failing", "the second"],
      ["F", "open failing", "the third: it is down by itself"],
    ]);
  });

  it("a child that comes back a minute after its parent wakes nobody", () => {
    play(USUAL, [
      ["F", "failing", "", "parent"],
      ["F", "failing", "", "parent"],
      ["F", "failing", "", "parent"],
      ["F", "failing", "the parent is back"],
      ["G", "good", "and so is it"],
    ]);
  });

  it("never keeps an alarm from ending", () => {
    play(USUAL, [
      ["F", "failing", ""],
      ["F", "failing", ""],
      ["F", "open failing", ""],
      ["F", "alarm", "it stays one", "maintenance"],
      ["G", "alarm", "", "maintenance"],
      ["G", "recover", "within the window, too", "maintenance"],
    ]);
  });

  it("changes under it are no flapping", () => {
    const window: Line[] = Array.from({ length: 12 }, (_, index) =>
      index % 2 === 0 ? ["F", "failing", "planned", "maintenance"] : ["G", "good", "planned", "maintenance"],
    );
    expect(play(USUAL, [...window, ["G", "good", "after it"]])).toMatchObject({ isFlapping: false });
  });

  it("takes away the failures that were counted before it: they are explained as well", () => {
    play(USUAL, [
      ["F", "failing", "one"],
      ["F", "failing", "two"],
      ["F", "failing", "the parent was found to fail", "parent"],
      ["F", "failing", "the parent is back: one"],
      ["F", "failing", "two"],
      ["F", "open failing", "three"],
    ]);
  });

  it("takes away the changes that were counted before it, so that they do not add up to flapping", () => {
    play(USUAL, [
      ["G", "good", ""],
      ["F", "failing", "1 change"],
      ["G", "good", "2"],
      ["F", "failing", "3"],
      ["G", "good", "4"],
      ["F", "failing", "planned work has begun", "maintenance"],
      ["G", "good", "1"],
      ["F", "failing", "2"],
      ["G", "good", "3, and no alarm"],
    ]);
  });

  it("says why, as long as it fails", () => {
    const state = play(USUAL, [["F", "failing", "", "maintenance"]]);
    expect(state?.silence).toBe("maintenance");
    expect(play(USUAL, [["G", "good", "", "maintenance"]])?.silence).toBeUndefined();
  });
});
