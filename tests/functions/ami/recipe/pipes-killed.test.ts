import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { ToyHost } from "./toy-host.ts";

/*
 * The program ends between any two calls that change something. What must hold at each such moment, whether the host goes on or
 * reboots there, and after the same command once more.
 */
const key = (seed: number) => Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 11 + seed * 17) % 256));
const [MAIL, PKG, OLD, NEW] = [key(1), key(2), key(3), key(4)];
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const INPUT = `${NEW.toString("base64")}\n`;
/** Calls that a command makes at most; the loop ends at the last one. */
const MOST_CALLS = 60;

const SERVER = [
  `[0.0.0.0]:8022 [127.0.0.1]:22 ${sha256(OLD)}`,
  `[0.0.0.0]:8022 [127.0.0.1]:22 ${sha256(NEW)}`,
  `[0.0.0.0]:9022 [127.0.0.1]:22 ${sha256(NEW)}`,
];
const CLIENT = [
  `[127.0.0.1]:8025 mail.example.org:8025 ${sha256(MAIL)}`,
  `[127.0.0.1]:8025 mail.example.org:9025 ${sha256(NEW)}`,
  `[127.0.0.1]:8025 mail.example.org:8025 ${sha256(NEW)}`,
];
const listening = (host: ToyHost) => [...host.listening().values()];
const doors = (host: ToyHost) => listening(host).filter((one) => SERVER.includes(one));

/** What is there when a command has ended, once or twice begun. Processes are others. */
function outcome(host: ToyHost) {
  const rcConf = host.rcConf().split("\n").sort();
  return { rcConf, keys: host.keys(), listening: listening(host).sort() };
}

function hostAfter(commands: readonly string[]): ToyHost {
  const host = new ToyHost({ MAIL, PKG, SSH: OLD });
  host.boot();
  for (const command of commands) expect(host.run(command, INPUT)).toMatchObject({ status: 0 });
  return host;
}

const STORIES: [
  command: string,
  before: readonly string[],
  mustHold: (host: ToyHost) => boolean,
  why: string,
][] = [
  ["add SSH 9022", [], (host) => doors(host).includes(SERVER[0] ?? ""), "the first door stays open"],
  [
    "promote SSH",
    ["add SSH 9022"],
    (host) => doors(host).includes(SERVER[2] ?? ""),
    "the second door stays open",
  ],
  [
    "drop SSH",
    ["add SSH 9022", "promote SSH"],
    (host) => doors(host).includes(SERVER[1] ?? ""),
    "the first door stays open, with the new key",
  ],
  [
    "drop SSH",
    ["add SSH 9022"],
    (host) => doors(host).includes(SERVER[0] ?? ""),
    "undone: the first door stays",
  ],
  ["point MAIL 9025", [], () => true, "it may lead nowhere for a moment"],
  ["point MAIL 8025", ["point MAIL 9025"], () => true, "it may lead nowhere for a moment"],
];

describe.each(STORIES)("%s, after %j", (command, before, mustHold, why) => {
  const undisturbed = hostAfter([...before, command]);
  const wanted = outcome(undisturbed);
  undisturbed.close();

  test(`killed before any call: ${why}; a reboot starts whole entries; once more, all is done`, () => {
    const host = hostAfter(before);
    try {
      const start = outcome(host);
      let calls = 0;
      // Each death is one step further than the last, and begins where that one ended.
      for (let number = 1; number <= MOST_CALLS; number += 1) {
        const ended = host.run(command, INPUT, number);
        calls += 1;
        expect([number, mustHold(host)]).toEqual([number, true]);
        if (ended.status === 0) break;
        if (number % 4 === 0) {
          host.boot();
          requireWholeEntries(host);
        }
      }
      expect(calls).toBeGreaterThan(2);
      expect(outcome(host)).toEqual(wanted);
      expect(start).not.toEqual(wanted);
    } finally {
      host.close();
    }
  });
});

/** Everything that is listed starts, with a key of the right size, and with a port and a key that belong together. */
function requireWholeEntries(host: ToyHost): void {
  for (const { name, key: file } of host.entries()) {
    const bytes = host.keys().get(file.split("/").at(-1) ?? "");
    expect([name, bytes?.length]).toEqual([name, 32]);
  }
  const known = [...SERVER, ...CLIENT, `[127.0.0.1]:8080 pkg.example.org:8080 ${sha256(PKG)}`];
  for (const one of listening(host)) expect(known).toContain(one);
  expect(doors(host)).not.toEqual([]);
  expect(listening(host).filter((one) => CLIENT.includes(one))).toHaveLength(1);
}
