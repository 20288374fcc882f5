import { describe, expect, test } from "@jest/globals";
import { describeFleet, parseFleet } from "#fleet";
import { complaints, edited, SHIPPED } from "./fleet-text.ts";

const CONTACTS = SHIPPED.slice(SHIPPED.indexOf("  contacts:\n"), SHIPPED.indexOf("  escalation:\n"));
const MAIL_KEY = "      keyParameter: /nightshift/pipes/MAIL\n      parent";

/** from, to, path behind "monitor.", message, reason */
const REFUSED: readonly [string, string, string, string | RegExp, string][] = [
  [
    "      kind: spiped",
    "      kind: spipde",
    "checks.pkg.kind",
    'did you mean "spiped"?',
    "swapped letters",
  ],
  [
    "      kind: spiped",
    "      kind: snmp",
    "checks.pkg.kind",
    /expected one of "tcp", "ping", "http"/,
    "no kind",
  ],
  ["      kind: spiped\n", "", "checks.pkg.kind", "missing", "a check of no kind"],
  ["contains: Ex", "contain: Ex", "checks.www.contain", 'did you mean "contains"?', "a field mistyped"],
  ["contains: Ex", "security: tls # Ex", "checks.www.security", /unknown key/, "another kind's field"],
  [
    "parent: www-dns",
    "parent: www-dsn",
    "checks.www.parent",
    'there is no check "www-dsn"',
    "no such parent",
  ],
  ["parent: www-dns", "parent: www", "checks.www.parent", "goes in a circle: www -> www", "its own parent"],
  [
    "name: www.example.org, everyMinutes: 5",
    "name: www.example.org, everyMinutes: 5, parent: www-certificate",
    "checks.www-dns.parent",
    "goes in a circle: www-dns -> www-certificate -> www -> www-dns",
    "all would be silent for ever",
  ],
  [
    "address: mail.example.org:8025\n      security",
    "address: mail.example.org:25\n      security",
    "checks.mail.address",
    "AWS lets nothing out to port 25: use 587, 465, or a pipe",
    "Lambda's network",
  ],
  [
    "security: spiped",
    "security: starttls",
    "checks.mail.security",
    "security: spiped and keyParameter go together",
    "a key that nothing would use",
  ],
  [MAIL_KEY, "      parent", "checks.mail.security", "go together", "a pipe without its key"],
  [
    MAIL_KEY,
    "      keyParameter: /elsewhere/MAIL\n      parent",
    "checks.mail.keyParameter",
    /below \/nightshift\/pipes/,
    "the function may not read it there",
  ],
  [
    "timeZone: America/Vancouver",
    "timeZone: Vancouver",
    "timeZone",
    /time zone such as America\/Vancouver/,
    "a city",
  ],
  [
    "America/Toronto",
    "EDT",
    "contacts.deputy.quiet.timeZone",
    /expected a time zone/,
    "EDT is in no database",
  ],
  [
    '"+16045550101"',
    "16045550101",
    "contacts.colin.phone",
    /in quotes, with its country code.*found the number 16045550101/,
    "a number",
  ],
  ['"+16045550101"', '"604 555 0101"', "contacts.colin.phone", /with its country code/, "as people write it"],
  ['"+12065550100"', '"+02065550100"', "from", /with its country code/, "no country's code begins with 0"],
  ['from: "22:00"', 'from: "24:00"', "contacts.deputy.quiet.from", /time of day in quotes/, "no such hour"],
  ['to: "07:00"', 'to: "7:00"', "contacts.deputy.quiet.to", /time of day in quotes/, "two digits"],
  [
    'from: "22:00"',
    "from: 1320",
    "contacts.deputy.quiet.from",
    /in quotes.*found the number 1320/,
    "minutes",
  ],
  [
    "every: SUN,",
    'every: SUN, on: "2026-12-05",',
    "maintenance.0",
    "expected either every or on",
    "weekly and once",
  ],
  ["every: SUN, at", "at", "maintenance.0", "expected either every or on", "when?"],
  [
    "every: SUN",
    "every: SUNDAY",
    "maintenance.0.every",
    /expected one of "day", "MON"/,
    "days have three letters",
  ],
  [
    "[mail, mail-ssh] }",
    "[mali] }",
    "maintenance.0.checks.0",
    'there is no check "mali"',
    "it would silence nothing",
  ],
  [
    "    www:\n",
    "    monitor:\n",
    "checks.monitor",
    "is the monitor's own: choose another",
    "its own health's name",
  ],
  ["    www:\n", "    Www:\n", "checks.Www", /lower-case letters/, "names become parts of addresses"],
  [CONTACTS, "  contacts: {}\n\n", "contacts", "expected at least one contact", "nobody to wake"],
  [
    "    colin:\n",
    "    Colin:\n",
    "contacts.Colin",
    /short name in lower case/,
    "names become parts of keys",
  ],
  [
    "contains: Example Backup",
    'matches: "(unclosed"',
    "checks.www.matches",
    /expected a regular expression/,
    "no pattern",
  ],
  [
    "withinMinutes: 1440",
    "withinMinutes: 60000",
    "checks.tarsnap-nightly.withinMinutes",
    /40 days/,
    "what is kept",
  ],
  [
    "withinMinutes: 1440",
    "withinMinutes: 0.5",
    "checks.tarsnap-nightly.withinMinutes",
    /whole minutes/,
    "half a run",
  ],
  [
    "everyMinutes: 15",
    "everyMinutes: 7",
    "checks.billing.everyMinutes",
    "expected one of 1, 2, 5, 10, 15, 30, 60, found the number 7",
    "7 divides no hour",
  ],
  [
    "withinHours: 26 #",
    "withinHours: 0 #",
    "checks.billing.withinHours",
    "expected 1 or more, found the number 0",
    "nothing is so quick",
  ],
  [
    "machine: billing-nightly",
    "machine: billing",
    "checks.billing.machine",
    "state machine, for example billing-nightly",
    "a domain is no machine",
  ],
  ["rounds: 3", "rounds: 0", "escalation.rounds", "expected 1 or more", "nobody would be told"],
  [
    "title: Example Backup\n\n  #",
    `title: ${"x".repeat(61)}\n\n  #`,
    "statusPage.title",
    "expected 60 characters or less",
    "a headline",
  ],
  [
    "acknowledgedHours: 4",
    "acknowledgedHours: 96",
    "acknowledgedHours",
    "expected 72 or less, found the number 96",
    "forgotten by then",
  ],
];

describe("what is wrong with a monitor is said, each at its place", () => {
  test.each(REFUSED)("%j -> %j", (from, to, path, message) => {
    const all = complaints(edited(from, to));
    const found = all.find((line) => line.includes(` monitor.${path}: `));
    expect({ all, found }).toMatchObject({ found: expect.anything() });
    const said = found?.slice(found.indexOf(": ") + 2);
    if (typeof message === "string") expect(said).toContain(message);
    else expect(said).toMatch(message);
  });
});

const ACCEPTED: readonly [string, string, string][] = [
  ["timeZone: America/Vancouver # of", "# of", "UTC is the default"],
  ["withinMinutes: 1440", "withinMinutes: 44640", "a monthly job"],
  ["parent: www-dns", "parent: pkg", "a parent may have a parent"],
  ["every: SUN", "every: day", "every night"],
  ['from: "22:00"', "from: 22:00", "YAML 1.2 knows no sexagesimal numbers: it is text"],
  ["minutes: 60, checks: [mail, mail-ssh] }", "minutes: 1440 }", "a whole day, everything"],
  [
    "    www:\n",
    "    constructor:\n",
    "a name that JavaScript knows otherwise; www-certificate's parent is then gone",
  ],
];

describe("what is unusual and right is taken", () => {
  test.each(ACCEPTED)("%j -> %j", (from, to) => {
    const text = edited(from, to).replace(
      to.includes("constructor") ? /parent: www$/m : "\u0000",
      "parent: constructor",
    );
    expect(complaints(text)).toEqual([]);
  });
});

test("nothing need be said: a contact and a check are enough", () => {
  const text = `${SHIPPED.slice(0, SHIPPED.indexOf("monitor:\n"))}monitor:
  from: "+12065550100"
  contacts: { colin: { phone: "+16045550101" } }
  checks: { www: { kind: http, url: "https://www.example.org/" } }
`;
  expect(parseFleet(text, "fleet.yml").monitor).toMatchObject({
    timeZone: "UTC",
    escalation: { callAfterMinutes: 5, nextAfterMinutes: 5, rounds: 3 },
    acknowledgedHours: 4,
    statusPage: { title: "Status" },
    maintenance: [],
    checks: {
      www: { everyMinutes: 1, failuresBeforeAlarm: 3, critical: true, northStar: false, status: [200] },
    },
  });
});

describe("the shipped monitor watches the article's cluster", () => {
  const { monitor } = parseFleet(SHIPPED, "fleet.yml");

  test("with every kind that it needs, and numbers that belong to nobody", () => {
    const kinds = Object.values(monitor?.checks ?? {}).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set(["http", "dns", "ssh", "tls", "smtp", "spiped", "heartbeat", "execution", "twilio"]),
    );
    for (const { phone } of Object.values(monitor?.contacts ?? {}))
      expect(phone).toMatch(/^\+1\d{3}55501\d\d$/);
  });

  test("and keeps from the public what is nobody's business: only services stand on the status page", () => {
    const shown = Object.entries(monitor?.checks ?? {}).filter(([, check]) => check.public);
    expect(shown.map(([name]) => name)).toEqual(["www", "www-dns", "www-certificate", "mail", "pkg"]);
  });
});

describe("nightshift check says of a monitor", () => {
  const described = (from: string, to: string) => describeFleet(parseFleet(edited(from, to), "fleet.yml"));

  test.each([
    [
      "name: cluster",
      "name: cluster",
      "monitor in us-west-2: 14 checks, times in America/Vancouver",
      "where",
    ],
    ["name: cluster", "name: cluster", "  ssh         www-ssh, mail-ssh, pkg-ssh\n", "checks by kind"],
    ["name: cluster", "name: cluster", "freebsd-org (north star)", "what tells whether it sees at all"],
    ["name: cluster", "name: cluster", "(every 60 min; silent while www fails; respects quiet hours)", "how"],
    [
      "name: cluster",
      "name: cluster",
      "colin +16045550101, then deputy +16045550102 (quiet from 22:00 to 07:00 America/Toronto)",
      "who",
    ],
    [
      ", timeZone: America/Toronto",
      "",
      "(quiet from 22:00 to 07:00 America/Vancouver)",
      "by the monitor's clock",
    ],
    [
      "callAfterMinutes: 5",
      "callAfterMinutes: 7",
      "an SMS, 7 min later a call, 5 min later the next contact; 3 rounds",
      "when",
    ],
    ["rounds: 3", "rounds: 1", "; 1 round; an acknowledgement holds 4 h", "one is no plural"],
    ["name: cluster", "name: cluster", "every SUN at 03:00 for 60 min: mail, mail-ssh", "planned work"],
    ["every: SUN", 'on: "2026-12-05"', "2026-12-05 at 03:00 for 60 min", "once"],
    ["every: SUN", "every: day", "every day at 03:00", "daily"],
    [", checks: [mail, mail-ssh] }", " }", "for 60 min: all checks", "everything"],
  ])("%j -> %j: %j", (from, to, part) => {
    expect(described(from, to)).toContain(part);
  });

  test("that there is none", () => {
    const text = SHIPPED.slice(0, SHIPPED.indexOf("monitor:\n"));
    expect(describeFleet(parseFleet(text, "fleet.yml"))).toContain("\n\nmonitor: nothing is watched\n");
  });
});
