import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ackReply } from "../../../../functions/monitor/telling/ack-wording.ts";
import { segmentsOf, septetsOf } from "../../../../functions/monitor/telling/gsm7.ts";
import { aloud, durationAloud, timeAloud } from "../../../../functions/monitor/telling/spoken.ts";
import {
  alarm,
  allClear,
  impaired,
  type Occasion,
  stillFailing,
  tooMany,
} from "../../../../functions/monitor/telling/wording.ts";

const OCCASION: Occasion = {
  incident: 12,
  step: 3,
  check: "mail.example.org: SMTP",
  reason: "TIMED OUT after 10 s",
  since: new Date("2026-11-22T04:05:00Z"),
  now: new Date("2026-11-22T06:10:30Z"),
};

describe("texts, as they are read at night", () => {
  it.each([
    ["ALARM [12.3] mail.example.org: SMTP: TIMED OUT after 10 s (since 04:05 UTC). Reply ACK 12", alarm],
    ["STILL [12.3] mail.example.org: SMTP: TIMED OUT after 10 s (for 2 h 5 min). Reply ACK 12", stillFailing],
    ["OK [12.3] mail.example.org: SMTP works again after 2 h 5 min. Nothing to do.", allClear],
    [
      "MONITOR IMPAIRED [12.3]: TIMED OUT after 10 s (since 04:05 UTC). Other alarms wait. Reply ACK 12",
      impaired,
    ],
  ])("%s", (text, words) => {
    expect(words(OCCASION).sms).toBe(text);
  });

  it("too many messages", () => {
    expect(tooMany("2026-11-22T04", 30).sms).toBe(
      "TOO MANY MESSAGES [2026-11-22 04h]: more than 30 this hour. No more until the next full hour. See the status page.",
    );
  });

  it("times are the contact's", () => {
    const { sms } = alarm({ ...OCCASION, timeZone: "America/New_York" });
    expect(sms).toContain("(since 23:05 EST)");
    expect(alarm({ ...OCCASION, timeZone: "Mars/Olympus" }).sms).toContain("04:05 UTC"); // an alarm goes out all the same
  });

  it.each([
    ["under 1 min", 0],
    ["1 min", 1],
    ["59 min", 59],
    ["1 h", 60],
    ["1 d 1 h", 1500],
    ["3 d", 4320],
  ])("for %s", (short, minutes) => {
    const now = new Date(OCCASION.since.getTime() + minutes * 60_000);
    expect(stillFailing({ ...OCCASION, now }).sms).toContain(`(for ${short})`);
  });
});

describe("calls, as they are heard at night", () => {
  it.each([
    [
      "Alarm. Incident 1 2. mail point example point org: SMTP. TIMED OUT after 1 0 s. Since 4 oh 5, U T C. Press 1 to acknowledge.",
      alarm,
    ],
    [
      "Still failing, for 2 hours and 5 minutes. Incident 1 2. mail point example point org: SMTP. TIMED OUT after 1 0 s. Press 1 to acknowledge.",
      stillFailing,
    ],
    [
      "All clear. Incident 1 2, mail point example point org: SMTP, works again after 2 hours and 5 minutes. There is nothing to do.",
      allClear,
    ],
    [
      "The monitor itself is impaired, and other alarms wait. Incident 1 2. TIMED OUT after 1 0 s. Since 4 oh 5, U T C. Press 1 to acknowledge.",
      impaired,
    ],
  ])("%s", (text, words) => {
    expect(words(OCCASION).call).toBe(text);
  });

  it.each([
    ["connection refused by 10.0.0.1:443", "connection refused", "it stands in the text"],
    ["connection to 10.0.0.1:443 broke, sending", "connection broke, sending", "with the word before it"],
    ["no answer in 9 s, connecting to 10.0.0.1:443", "no answer in 9 s", "and what leads to it"],
    ["TLS handshake with [2001:db8::1]:22 failed: reset", "TLS handshake failed: reset", "IPv6 as well"],
    ["10.0.0.1:443 closed the connection", "closed the connection", "the name of the check was said before"],
    ["waiting for the greeting of mail.example.org:25", "waiting for the greeting", "names as well"],
    ["the network gave 10.0.0.1:443 up", "the network gave up", "in the middle"],
    ["example.org has no A records, says 192.0.2.5:53", "example point org has no A records", "who says so"],
    ["10.0.0.1:443", "1 0 point 0 point 0 point 1 port 4 4 3", "better than nothing"],
    [
      "10.0.0.1 is unreachable",
      "1 0 point 0 point 0 point 1 is unreachable",
      "it is what the sentence is about",
    ],
    [
      "never, since 2026-11-27 04:12 UTC",
      "never, since 2 0 2 6 dash 1 1 dash 2 7 0 4 1 2 UTC",
      "a time is none",
    ],
    ["late at 2026-11-27T04:12:09Z", "late at 2 0 2 6 dash 1 1 dash 2 7 T 0 4 1 2 0 9 Z", "in no form"],
    [
      "redirects to http://a.example:80/",
      "redirects to http: slash slash a point example port 8 0 slash",
      "a link neither",
    ],
  ])("of %s it says: %s (%s)", (reason, said) => {
    expect(alarm({ ...OCCASION, reason }).call).toContain(`: SMTP. ${said}. Since`);
    expect(alarm({ ...OCCASION, check: "", reason }).sms).toContain(reason.slice(0, 40));
  });

  it.each([
    ["db1.example.org:8022", "db 1 point example point org port 8 0 2 2"],
    ["10.0.0.1:25 refused", "1 0 point 0 point 0 point 1 port 2 5 refused"],
    ["back-up_of /var <b>", "back dash up underscore of slash var b"],
    ["since 04:12", "since 0 4 1 2"],
    ["It ended. Then -1", "It ended. Then -1"],
  ])("%s", (text, said) => {
    expect(aloud(text)).toBe(said);
  });

  it.each([
    ["0 hundred", 0, 0],
    ["4 oh 5", 4, 5],
    ["16 hundred", 16, 0],
    ["23 59", 23, 59],
  ])("%s", (said, hour, minute) => {
    expect(timeAloud(hour, minute)).toBe(said);
  });

  it.each([
    ["less than a minute", 0],
    ["1 minute", 1],
    ["1 hour and 1 minute", 61],
    ["2 days and 3 hours", 2 * 1440 + 185],
  ])("%s", (said, minutes) => {
    expect(durationAloud(minutes)).toBe(said);
  });
});

describe("whatever it is about", () => {
  const occasions = fc.record({
    incident: fc.integer({ min: 1, max: 999_999_999 }),
    step: fc.integer({ min: 1, max: 999 }),
    check: fc.string({ unit: "binary", maxLength: 300 }),
    reason: fc.string({ unit: "binary", maxLength: 2000 }),
    since: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
    now: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
    timeZone: fc.constantFrom("UTC", "America/Vancouver", "Asia/Kolkata", "Pacific/Kiritimati", "nowhere"),
  });

  it.each([
    ["alarm", alarm],
    ["still failing", stillFailing],
    ["all clear", allClear],
    ["impaired", impaired],
  ])("%s: one segment of GSM-7, which says which message it is", (_name, words) => {
    fc.assert(
      fc.property(occasions, (occasion) => {
        const { sms, call } = words(occasion);
        expect(septetsOf(sms)).toBeLessThanOrEqual(160);
        expect(segmentsOf(sms)).toBe(1);
        expect(sms).toContain(`[${occasion.incident}.${occasion.step}]`);
        if (words !== allClear) expect(sms.endsWith(`Reply ACK ${occasion.incident}`)).toBe(true);
        expect(call.length).toBeLessThan(4000);
      }),
    );
  });

  it("no text asks for a word upon which Twilio would block us", () => {
    const texts = [alarm, stillFailing, allClear, impaired].map((words) => words(OCCASION).sms);
    for (const text of [...texts, tooMany("2026-11-22T04", 30).sms, ackReply([[12, "acknowledged"]])])
      expect(text).not.toMatch(/\b(STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT)\b/i);
  });
});
