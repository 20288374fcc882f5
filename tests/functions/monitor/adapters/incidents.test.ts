import { describe, expect, test } from "@jest/globals";
import { dynamoDbIncidents } from "../../../../functions/monitor/adapters/dynamodb-incidents.ts";
import type { Acknowledgement } from "../../../../functions/monitor/incident.ts";
import type { IncidentBook } from "../../../../functions/monitor/ports.ts";
import { fakeIncidents, tellIn } from "../fakes/fake-incidents.ts";
import { rehearsedAccount } from "../fakes/in-rehearsal.ts";
import { newMonitorTable } from "../fakes/monitor-table.ts";

const account = rehearsedAccount();

function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 27, 3, minutes));
}

function acknowledged(by: string, from: number, until: number, proof = `${by}-${from}`): Acknowledgement {
  return { by, via: "sms", at: at(from), until: at(until), proof };
}

const WWW = {
  ...{ number: 12, check: "www", cause: "failing" as const, reason: "connection refused" },
  ...{ openedAt: at(0), since: at(-2), isCritical: true },
};

/** The one in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const BOOKS: [name: string, make: () => Promise<IncidentBook>][] = [
  ["DynamoDB", async () => dynamoDbIncidents(await newMonitorTable(account()))],
  ["the fake", async () => fakeIncidents()],
];

describe.each(BOOKS)("incidents in %s", (_name, make) => {
  async function withOne(): Promise<IncidentBook> {
    const book = await make();
    await book.open(WWW);
    return book;
  }

  test("what was opened can be read", async () => {
    const book = await withOne();
    expect(await book.read(12)).toEqual({ ...WWW, recoveredAt: undefined, acknowledgements: [], told: [] });
    expect(await book.read(13)).toBeUndefined();
  });

  test("opening it again changes nothing", async () => {
    const book = await withOne();
    await book.acknowledge(12, acknowledged("colin", 1, 61));
    await book.open({ ...WWW, reason: "another" });
    expect(await book.read(12)).toMatchObject({
      reason: "connection refused",
      acknowledgements: [{ by: "colin" }],
    });
  });

  test("it recovers once", async () => {
    const book = await withOne();
    await book.recover(12, at(9), "200 OK");
    await book.recover(12, at(10), "again");
    expect((await book.read(12))?.recoveredAt).toEqual(at(9));
  });

  test("what is not on record cannot recover, and can be opened afterwards", async () => {
    const book = await make();
    await expect(book.recover(12, at(9), "200 OK")).rejects.toMatchObject({ name: "UnknownIncidentError" });
    await book.open(WWW);
    expect(await book.read(12)).toMatchObject({ ...WWW, recoveredAt: undefined });
  });

  test("steps are on record once each, in order of time, and all-clears by contact", async () => {
    const book = await withOne();
    await tellIn(book, 12, { step: 2, contact: "colin", way: "call", at: at(5), outcome: "failed" });
    await tellIn(book, 12, { step: 1, contact: "colin", way: "sms", at: at(0), outcome: "sent" });
    await tellIn(book, 12, { step: 1, contact: "colin", way: "sms", at: at(7), outcome: "failed" });
    await tellIn(book, 12, { step: 0, contact: "deputy", way: "sms", at: at(9), outcome: "sent" });
    await tellIn(book, 12, { step: 0, contact: "colin", way: "sms", at: at(8), outcome: "sent" });
    const told = (await book.read(12))?.told ?? [];
    expect([...told].sort((a, b) => a.at.getTime() - b.at.getTime())).toEqual([
      { step: 1, contact: "colin", way: "sms", at: at(0), due: at(0), outcome: "sent" },
      { step: 2, contact: "colin", way: "call", at: at(5), due: at(5), outcome: "failed" },
      { step: 0, contact: "colin", way: "sms", at: at(8), due: at(8), outcome: "sent" },
      { step: 0, contact: "deputy", way: "sms", at: at(9), due: at(9), outcome: "sent" },
    ]);
  });

  test("a step stands at the time of its outcome, and keeps its first one", async () => {
    const book = await withOne();
    const step = { step: 1, contact: "colin", way: "sms", due: at(0) } as const;
    await book.begin(12, { ...step, at: at(0) });
    await book.settle(12, step, "sent", at(1));
    await book.settle(12, step, "failed", at(2));
    expect((await book.read(12))?.told).toEqual([{ ...step, at: at(1), outcome: "sent" }]);
  });

  test("whoever acknowledges first has it; once it has lapsed, the next may", async () => {
    const book = await withOne();
    expect(await book.acknowledge(12, acknowledged("colin", 1, 61))).toBe("acknowledged");
    expect(await book.acknowledge(12, acknowledged("deputy", 2, 62))).toBe("already");
    expect(await book.acknowledge(12, acknowledged("deputy", 61, 121))).toBe("acknowledged");
    expect((await book.read(12))?.acknowledgements.map(({ by }) => by)).toEqual(["colin", "deputy"]);
  });

  test("a proof counts once, even after it has lapsed", async () => {
    const book = await withOne();
    await book.acknowledge(12, acknowledged("colin", 1, 61, "SM1"));
    expect(await book.acknowledge(12, acknowledged("colin", 70, 130, "SM1"))).toBe("replayed");
  });

  test("of two at once one counts", async () => {
    const book = await withOne();
    const both = await Promise.all([
      book.acknowledge(12, acknowledged("colin", 1, 61)),
      book.acknowledge(12, acknowledged("deputy", 1, 61)),
    ]);
    expect(both.sort()).toEqual(["acknowledged", "already"]);
  });

  test("what is over, or never was, cannot be acknowledged", async () => {
    const book = await withOne();
    await book.recover(12, at(5), "200 OK");
    expect(await book.acknowledge(12, acknowledged("colin", 6, 66))).toBe("recovered");
    expect(await book.acknowledge(13, acknowledged("colin", 6, 66))).toBe("unknown");
    expect(await book.read(13)).toBeUndefined(); // and does not come to be by it
  });

  test("notes are kept by their key, the first of each", async () => {
    const book = await withOne();
    await book.note(12, { key: "a", at: at(3), what: "first" });
    await book.note(12, { key: "a", at: at(4), what: "again" });
    await book.note(13, { key: "a", at: at(4), what: "another incident's" });
    expect(await book.notes(12)).toEqual([{ at: at(3), what: "first" }]);
  });

  test("the newest come first", async () => {
    const book = await make();
    for (const number of [9, 10, 100]) await book.open({ ...WWW, number });
    expect((await book.newest(2)).map(({ number }) => number)).toEqual([100, 10]);
  });

  test("of which open ones a contact was told", async () => {
    const book = await make();
    for (const number of [1, 2, 3]) {
      await book.open({ ...WWW, number });
      await tellIn(book, number, { step: 1, contact: "colin", way: "sms", at: at(0), outcome: "sent" });
    }
    await book.recover(2, at(5), "200 OK");
    expect([await book.toldTo("colin"), await book.toldTo("deputy")]).toEqual([[3, 1], []]);
  });
});
