import { createSocket } from "node:dgram";
import { getServers, setServers } from "node:dns";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { measured } from "../functions/monitor/servers/stage.ts";
import { type RealDnsmasq, startDnsmasq, whyNoDnsmasq } from "./real-dnsmasq.ts";

const missing = whyNoDnsmasq();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (missing !== undefined) console.log(`no name is asked for at dnsmasq: ${missing}`);

/** Too many for an answer over UDP: the server says so, and is asked again over TCP (RFC 7766). */
const MANY = Array.from({ length: 40 }, (_, index) => `${index}: ${"x".repeat(100)}`);

const ZONE = [
  "--local=/example.org/",
  "--host-record=www.example.org,192.0.2.1,2001:db8::1",
  "--host-record=six.example.org,::1",
  "--host-record=here.example.org,127.0.0.1",
  "--address=/any.example.org/192.0.2.7",
  "--address=/any.example.org/192.0.2.8",
  "--cname=alias.example.org,www.example.org",
  "--mx-host=example.org,mx1.example.org,10",
  "--mx-host=example.org,mx2.example.org,20",
  "--txt-record=example.org,v=spf1 ,-all",
  "--txt-record=example.org,Case",
  ...MANY.map((text) => `--txt-record=many.example.org,${text}`),
];

/** Check, verdict, reason. SERVER stands for the address of the one that was asked. */
const ROWS: [string, Record<string, unknown>, string, string][] = [
  ["A", { name: "www.example.org" }, "GOOD", "www.example.org A is 192.0.2.1"],
  ["AAAA", { name: "www.example.org", type: "AAAA" }, "GOOD", "www.example.org AAAA is 2001:db8::1"],
  [
    "an address of several, expected",
    { name: "some.any.example.org", expect: ["192.0.2.8"] },
    "GOOD",
    "some.any.example.org A is 192.0.2.7, 192.0.2.8",
  ],
  [
    "an address that is not among them",
    { name: "some.any.example.org", expect: ["192.0.2.8", "192.0.2.9"] },
    "FAILED",
    "some.any.example.org A lacks 192.0.2.9: it is 192.0.2.7, 192.0.2.8",
  ],
  [
    "MX, in any order",
    { name: "example.org", type: "MX", expect: ["20 mx2.example.org", "10 MX1.example.org."] },
    "GOOD",
    "example.org MX is 10 mx1.example.org, 20 mx2.example.org",
  ],
  [
    "MX of another priority",
    { name: "example.org", type: "MX", expect: ["20 mx1.example.org"] },
    "FAILED",
    "example.org MX lacks 20 mx1.example.org: it is 10 mx1.example.org, 20 mx2.example.org",
  ],
  [
    "TXT, put together",
    { name: "example.org", type: "TXT", expect: ["v=spf1 -all"] },
    "GOOD",
    "example.org TXT is Case, v=spf1 -all",
  ],
  [
    "TXT in another case",
    { name: "example.org", type: "TXT", expect: ["case"] },
    "FAILED",
    "example.org TXT lacks case: it is Case, v=spf1 -all",
  ],
  [
    "CNAME",
    { name: "alias.example.org", type: "CNAME", expect: ["www.example.org"] },
    "GOOD",
    "alias.example.org CNAME is www.example.org",
  ],
  ["A behind a CNAME", { name: "alias.example.org" }, "GOOD", "alias.example.org A is 192.0.2.1"],
  ["a name in capitals", { name: "WWW.Example.ORG" }, "GOOD", "WWW.Example.ORG A is 192.0.2.1"],
  ["a name with the root's dot", { name: "www.example.org." }, "GOOD", "www.example.org. A is 192.0.2.1"],
  [
    "no such name",
    { name: "nowhere.example.org" },
    "FAILED",
    "name not found: SERVER knows no nowhere.example.org (NXDOMAIN)",
  ],
  [
    "no such records",
    { name: "www.example.org", type: "MX" },
    "FAILED",
    "www.example.org has no MX records, says SERVER",
  ],
  [
    "a name of somebody else's, and nobody to ask",
    { name: "www.example.com" },
    "FAILED",
    "SERVER refuses to answer for www.example.com (REFUSED)",
  ],
];

(missing === undefined || required ? describe : describe.skip)("dns, at dnsmasq", () => {
  const former = getServers();
  /** Is asked by the server about its own domain, and answers nothing. */
  const silent = createSocket("udp4");
  let server: RealDnsmasq;
  let authority: RealDnsmasq;
  beforeAll(async () => {
    silent.bind(0, "127.0.0.1");
    await once(silent, "listening");
    authority = await startDnsmasq(
      "--auth-server=ns.example.net,127.0.0.1",
      "--auth-zone=example.net",
      "--host-record=www.example.net,192.0.2.5",
    );
    server = await startDnsmasq(
      ...ZONE,
      `--server=/example.net/${authority.address.replace(":", "#")}`,
      `--server=/stray.example/${authority.address.replace(":", "#")}`,
      `--server=/slow.example/127.0.0.1#${silent.address().port}`,
    );
    setServers([server.address]);
  });
  afterAll(async () => {
    setServers(former);
    silent.close();
    await server?.stop();
    await authority?.stop();
  });

  const probe = (change: object) => measured({ kind: "dns", server: server.address, ...change });

  it.each(ROWS)("%s", async (_why, check, verdict, reason) => {
    expect(await probe(check)).toMatchObject({ verdict, reason: reason.replace("SERVER", server.address) });
  });

  it("more than UDP carries", async () => {
    const check = { name: "many.example.org", type: "TXT", expect: MANY };
    expect(await probe(check)).toMatchObject({ verdict: "GOOD" });
  });

  it("among many, the one that is missing is named before they are", async () => {
    const check = { name: "many.example.org", type: "TXT", expect: ["the one"] };
    expect(await probe(check)).toMatchObject({
      verdict: "FAILED",
      reason: expect.stringMatching(/^many\.example\.org TXT lacks the one: it is 0: x+, 1: x+.*…$/),
    });
  });

  it("servers turn the order of answers round, reasons do not", async () => {
    const reasons = new Set<string>();
    for (let time = 0; time < 4; time += 1) reasons.add((await probe({ name: "any.example.org" })).reason);
    expect([...reasons]).toEqual(["any.example.org A is 192.0.2.7, 192.0.2.8"]);
  });

  it("NS, of an authority", async () => {
    const check = { name: "example.net", type: "NS", server: authority.address, expect: ["ns.example.net"] };
    expect(await probe(check)).toMatchObject({
      verdict: "GOOD",
      reason: "example.net NS is ns.example.net",
    });
  });

  it("an authority refuses what is not its own", async () => {
    expect(await probe({ name: "www.example.org", server: authority.address })).toMatchObject({
      verdict: "FAILED",
      reason: `${authority.address} refuses to answer for www.example.org (REFUSED)`,
    });
  });

  it.each([
    ["www.example.net", "GOOD", "www.example.net A is 192.0.2.5"],
    ["no.example.net", "FAILED", "name not found: SERVER knows no no.example.net (NXDOMAIN)"],
    ["www.stray.example", "FAILED", "SERVER refuses to answer for www.stray.example (REFUSED)"],
  ])("an answer that the server had to ask for: %s", async (name, verdict, reason) => {
    expect(await probe({ name })).toMatchObject({
      verdict,
      reason: reason.replace("SERVER", server.address),
    });
  });

  it("a server that waits for another", async () => {
    expect(await probe({ name: "www.slow.example", timeoutSeconds: 0.4 })).toMatchObject({
      verdict: "TIMED OUT",
      reason: `no answer in 0.4 s, asking ${server.address} for www.slow.example A`,
    });
  });

  it("a server that has ended", async () => {
    const gone = await startDnsmasq(...ZONE);
    await gone.stop();
    expect(await probe({ name: "www.example.org", server: gone.address })).toMatchObject({
      verdict: "FAILED",
      reason: `${gone.address} cannot be reached, asked for www.example.org`,
    });
  });

  it("the machine's own server", async () => {
    expect(await measured({ kind: "dns", name: "www.example.org", type: "AAAA" })).toMatchObject({
      verdict: "GOOD",
    });
  });

  it("the other kinds find their hosts there", async () => {
    const port = server.address.replace(/^.*:/, "");
    expect(await measured({ kind: "tcp", address: `here.example.org:${port}` })).toMatchObject({
      verdict: "GOOD",
      reason: `127.0.0.1:${port} accepted the connection`,
    });
    // No IPv4 address, so the IPv6 address is tried, where nobody is.
    expect(
      await measured({ kind: "tcp", address: `six.example.org:${port}`, timeoutSeconds: 0.4 }),
    ).toMatchObject({ reason: expect.stringContaining("[::1]") });
  });
});
