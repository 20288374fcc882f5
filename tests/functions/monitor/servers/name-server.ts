import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a name server says of a name: records by type, or how it fails. */
export type Zone = Readonly<
  Record<string, Records | "NXDOMAIN" | "SERVFAIL" | "REFUSED" | "silence" | "garbage">
>;

/** The data of records, by type. A type that is missing has none (NODATA). */
export interface Records {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[]; // as 32 hexadecimal digits
  readonly MX?: readonly (readonly [number, string])[];
  readonly TXT?: readonly (readonly string[])[];
  readonly NS?: readonly string[];
  readonly CNAME?: readonly string[];
}

export interface NameServer {
  readonly address: string;
  close(): void;
}

const TYPES: Readonly<Record<number, keyof Records>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  15: "MX",
  16: "TXT",
  28: "AAAA",
};
const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** A name server over UDP (RFC 1035, 4.1). What is not in the zone does not exist. */
export async function openNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, end } = readName(query, 12);
    const entry = zone[name] ?? "NXDOMAIN";
    if (entry === "silence") return;
    if (entry === "garbage")
      return socket.send(Buffer.concat([query.subarray(0, 2), Buffer.from("what?")]), from.port);
    const type = TYPES[query.readUInt16BE(end)];
    const records = typeof entry === "string" || type === undefined ? [] : dataOf(entry, type);
    const rcode = typeof entry === "string" ? RCODES[entry] : 0;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | rcode, 2); // an answer, recursion available
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const answers = records.map((data) => {
      const fixed = Buffer.from([0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0]); // points at the question's name
      query.copy(fixed, 2, end, end + 2);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), from.port);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

function readName(message: Buffer, from: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = from;
  for (let size = message[at] ?? 0; size > 0; size = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function dataOf(records: Records, type: keyof Records): Buffer[] {
  switch (type) {
    case "A":
      return (records.A ?? []).map((one) => Buffer.from(one.split(".").map(Number)));
    case "AAAA":
      return (records.AAAA ?? []).map((one) => Buffer.from(one, "hex"));
    case "MX":
      return (records.MX ?? []).map(([priority, host]) =>
        Buffer.concat([Buffer.from([0, priority]), nameData(host)]),
      );
    case "TXT":
      return (records.TXT ?? []).map((strings) => Buffer.concat(strings.map(counted)));
    default:
      return (records[type] ?? []).map(nameData);
  }
}

function nameData(name: string): Buffer {
  return Buffer.concat([...name.split(".").map(counted), Buffer.from([0])]);
}

function counted(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}
