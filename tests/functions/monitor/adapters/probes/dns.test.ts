import { getServers, setServers } from "node:dns";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { closeServers, listen, silent } from "../../servers/loopback.ts";
import { type NameServer, openNameServer } from "../../servers/name-server.ts";
import { measured } from "../../servers/stage.ts";

const formerServers = getServers();
let server: NameServer;
beforeAll(async () => {
  server = await openNameServer({
    "www.example.org": { A: ["192.0.2.1", "192.0.2.2"], AAAA: ["20010db8000000000000000000000001"] },
    "local.example.org": { A: ["127.0.0.1"] },
    "mail.example.org": {
      MX: [
        [10, "mx1.example.org"],
        [20, "mx2.example.org"],
      ],
    },
    "text.example.org": { TXT: [["v=spf1 ", "-all"], ["Case"]] },
    "alias.example.org": { CNAME: ["www.example.org"] },
    "example.org": { NS: ["ns.example.org"] },
    "broken.example.org": "SERVFAIL",
    "secret.example.org": "REFUSED",
    "slow.example.org": "silence",
  });
  setServers([server.address]);
});
afterAll(async () => {
  setServers(formerServers);
  server.close();
  await closeServers();
});

const ROWS: [string, Record<string, unknown>, string, string][] = [
  ["answers", { name: "www.example.org" }, "GOOD", "www.example.org A is 192.0.2.1, 192.0.2.2"],
  ["IPv6", { name: "www.example.org", type: "AAAA" }, "GOOD", "www.example.org AAAA is 2001:db8::1"],
  [
    "what is expected is among them",
    { name: "www.example.org", expect: ["192.0.2.2"] },
    "GOOD",
    "www.example.org A is 192.0.2.1, 192.0.2.2",
  ],
  [
    "what is expected is not",
    { name: "www.example.org", expect: ["192.0.2.2", "192.0.2.3"] },
    "FAILED",
    "www.example.org A lacks 192.0.2.3: it is 192.0.2.1, 192.0.2.2",
  ],
  [
    "MX with priorities",
    { name: "mail.example.org", type: "MX", expect: ["10 MX1.example.org."] },
    "GOOD",
    "mail.example.org MX is 10 mx1.example.org, 20 mx2.example.org",
  ],
  [
    "TXT is put together",
    { name: "text.example.org", type: "TXT", expect: ["v=spf1 -all"] },
    "GOOD",
    "text.example.org TXT is Case, v=spf1 -all",
  ],
  [
    "TXT keeps its case",
    { name: "text.example.org", type: "TXT", expect: ["case"] },
    "FAILED",
    "text.example.org TXT lacks case: it is Case, v=spf1 -all",
  ],
  ["NS", { name: "example.org", type: "NS" }, "GOOD", "example.org NS is ns.example.org"],
  [
    "CNAME",
    { name: "alias.example.org", type: "CNAME" },
    "GOOD",
    "alias.example.org CNAME is www.example.org",
  ],
  [
    "no such name",
    { name: "nowhere.example.org" },
    "FAILED",
    "name not found: SERVER knows no nowhere.example.org (NXDOMAIN)",
  ],
  [
    "no such records",
    { name: "mail.example.org" },
    "FAILED",
    "mail.example.org has no A records, says SERVER",
  ],
  [
    "the server fails",
    { name: "broken.example.org" },
    "FAILED",
    "SERVER failed on broken.example.org (SERVFAIL)",
  ],
  [
    "the server refuses",
    { name: "secret.example.org" },
    "FAILED",
    "SERVER refuses to answer for secret.example.org (REFUSED)",
  ],
  [
    "silence",
    { name: "slow.example.org", timeoutSeconds: 0.4 },
    "TIMED OUT",
    "no answer in 0.4 s, asking SERVER for slow.example.org A",
  ],
];

describe("dns", () => {
  test.each(ROWS)("%s", async (_why, check, verdict, reason) => {
    const result = await measured({ kind: "dns", server: server.address, ...check });
    expect(result).toMatchObject({ verdict, reason: reason.replace("SERVER", server.address) });
  });

  test("without a server, those of the machine are asked", async () => {
    expect(await measured({ kind: "dns", name: "nowhere.example.org" })).toMatchObject({
      verdict: "FAILED",
      reason: "name not found: the name server knows no nowhere.example.org (NXDOMAIN)",
    });
  });
});

describe("names of the other kinds", () => {
  test.each([
    ["it does not exist", "nowhere.example.org", "FAILED", "name not found: nowhere.example.org (NXDOMAIN)"],
    ["it has no address", "mail.example.org", "FAILED", "mail.example.org has no address"],
    [
      "its server fails",
      "broken.example.org",
      "FAILED",
      "the name server failed on broken.example.org (SERVFAIL)",
    ],
    [
      "its server is silent",
      "slow.example.org",
      "TIMED OUT",
      "no answer in 0.4 s, looking up slow.example.org",
    ],
  ])("%s", async (_why, host, verdict, reason) => {
    const check = { kind: "tcp", address: `${host}:80`, timeoutSeconds: verdict === "TIMED OUT" ? 0.4 : 10 };
    expect(await measured(check)).toMatchObject({ verdict, reason });
  });

  test("the address that was tried stands in the reason", async () => {
    const { port } = await listen(silent);
    const result = await measured({ kind: "tcp", address: `local.example.org:${port}` });
    expect(result).toMatchObject({ verdict: "GOOD", reason: `127.0.0.1:${port} accepted the connection` });
  });

  test("localhost needs nobody's help", async () => {
    const { port } = await listen(silent);
    expect(await measured({ kind: "tcp", address: `localhost:${port}` })).toMatchObject({ verdict: "GOOD" });
  });
});
