import type { Connection, ServerChannel } from "ssh2";
import type { Misbehaviour } from "./condition.ts";

/** What a session does on a host that misbehaves, in place of the command. */
export type Misbehave = (channel: ServerChannel, connection: Connection) => void;

/** Output that nobody's program prints: controls, a right-to-left override, half a character, and no line that ends. */
export const NONSENSE = Buffer.concat([
  Buffer.from("nightshift-updates 9\n\u001b[31m\u0000\u202e section packages 0\n|"),
  Buffer.from([0xff, 0xfe, 0xc3]),
  Buffer.from("end"),
]);

/** The half of a report after which the host is gone. */
export const HALF = "nightshift-updates 1\nsection versions 0\n|15.1-REL";

/** How the sessions of a host misbehave. Undefined: they run their commands. */
export function misbehaviour(kind: Misbehaviour | undefined): Misbehave | undefined {
  const misbehave = kind === undefined ? undefined : SESSIONS[kind];
  if (misbehave === undefined) return undefined;
  return (channel, connection) => {
    channel.on("error", () => undefined); // the client went away
    misbehave(channel, connection);
  };
}

const SESSIONS: Partial<Record<Misbehaviour, Misbehave>> = {
  hangs: (channel) => {
    channel.resume();
  },
  nonsense: (channel) => {
    channel.write(NONSENSE);
    channel.exit(0);
    channel.end();
  },
  endless: printForEver,
  dies: (channel, connection) => {
    channel.write(HALF, () => setImmediate(() => connection.end()));
  },
};

function printForEver(channel: ServerChannel): void {
  const line = Buffer.from(`|${"y".repeat(1022)}\n`);
  let isOpen = true;
  channel.on("close", () => {
    isOpen = false;
  });
  const print = () => {
    while (isOpen && channel.write(line));
  };
  channel.on("drain", print);
  print();
}
