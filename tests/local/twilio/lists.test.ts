import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { CALL, type FakeAccount, type Json, openFakeAccount, SMS, THEIRS } from "./fake-account.ts";

let account: FakeAccount;
beforeEach(async () => {
  account = await openFakeAccount();
});
afterEach(async () => {
  await account.twilio.settled();
  await account.twilio.close();
});

async function send(times: number, To = THEIRS): Promise<void> {
  for (let count = 0; count < times; count += 1)
    await account.post("Messages", Object.entries({ ...SMS, To, Body: `to ${To} ${count}` }));
}

async function list(path: string): Promise<{ bodies: unknown[]; page: Json }> {
  const { status, json: page } = await account.get(path);
  expect(status).toBe(200);
  return { bodies: (page.messages as Json[]).map(({ body }) => body), page };
}

describe("messages", () => {
  it("newest first, of one phone", async () => {
    await send(2);
    await send(1, "+16045550101");
    const { bodies } = await list(`Messages.json?To=${encodeURIComponent(THEIRS)}`);
    expect(bodies).toEqual([`to ${THEIRS} 1`, `to ${THEIRS} 0`]);
  });

  it("by pages, each of which names the next", async () => {
    await send(5);
    const seen: unknown[] = [];
    let path: string | null = "Messages.json?PageSize=2";
    while (path !== null) {
      const { bodies, page } = await list(path);
      seen.push(bodies.length);
      path = page.next_page_uri as string | null;
    }
    expect(seen).toEqual([2, 2, 1]);
  });

  it("by the day of sending; what still waits has none", async () => {
    await send(1);
    await account.twilio.settled();
    await account.clock.sleep(86_400_000);
    await send(1);
    await account.twilio.settled();
    account.twilio.congestion(100);
    await send(1);
    const filters: [string, number][] = [
      ["DateSent=2026-11-22", 1],
      ["DateSent%3E=2026-11-22", 2],
      ["DateSent%3E=2026-11-23T23:59:59Z", 1],
      ["DateSent%3E=2026-11-24", 0],
      ["DateSent%3C=2026-11-22", 1],
      ["PageSize=50", 3],
    ];
    for (const [filter, count] of filters)
      expect([filter, (await list(`Messages.json?${filter}`)).bodies.length]).toEqual([filter, count]);
  });

  it.each(["Too=x", "StartTime%3E=2026-11-22", "PageSize=0", "PageSize=1001", "DateSent=today", "Page=x"])(
    "refused: %s",
    async (query) => {
      expect(await account.get(`Messages.json?${query}`)).toMatchObject({
        status: 400,
        json: { code: 20001 },
      });
    },
  );
});

it("calls, as they go on", async () => {
  await account.post("Calls", Object.entries(CALL));
  const shown = async () =>
    ((await account.get("Calls.json?StartTime%3E=2026-11-22")).json.calls as Json[])[0];
  expect(await shown()).toBeUndefined();
  await account.twilio.settled();
  expect(await shown()).toMatchObject({
    ...{ status: "no-answer", start_time: "Sun, 22 Nov 2026 04:00:01 +0000" },
    ...{ end_time: "Sun, 22 Nov 2026 04:01:08 +0000", duration: "67" },
  });
  expect((await account.get("Calls.json?Status=queued")).json.calls).toEqual([]);
});
