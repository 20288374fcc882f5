import { constants, createHash, generateKeyPairSync, privateEncrypt } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "@jest/globals";
import { download } from "../../../../functions/updates/adapters/download.ts";
import { freebsdServers } from "../../../../functions/updates/adapters/freebsd-servers.ts";
import { isServerFailure } from "../../../../functions/updates/failures.ts";
import { translateTransient } from "../../../../layers/platform/transient.ts";
import { archiveOf, catalogueOf, META, rsaKey, signatureOf } from "../fixtures/catalogue.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PUB = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
const CATALOGUE_KEY = rsaKey();
const DATA = catalogueOf({ "FreeBSD-runtime": "15.1p3" });

function latest(release: string, arch: string): Buffer {
  const line = `freebsd-update|${arch}|${release}|2|${"ab".repeat(32)}|1806537600\n`;
  return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(line));
}

let files: Map<string, Buffer>;
let answer: RequestListener | undefined;
let asked: string[];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const file = files.get(path);
    if (answer !== undefined) answer(request, response);
    else if (file === undefined) response.writeHead(404).end("not here");
    else response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answer = undefined;
  files = new Map([
    ["/14.3-RELEASE/amd64/pub.ssl", PUB],
    ["/14.3-RELEASE/amd64/latest.ssl", latest("14.3-RELEASE", "amd64")],
    ["/15.1-RELEASE/arm64/pub.ssl", PUB],
    ["/15.1-RELEASE/arm64/latest.ssl", latest("15.1-RELEASE", "arm64")],
    ["/FreeBSD:15:aarch64/base_release_1/meta.conf", META],
    [
      "/FreeBSD:15:aarch64/base_release_1/data.pkg",
      archiveOf({ name: "data", content: DATA }, ...signatureOf(DATA, CATALOGUE_KEY)),
    ],
  ]);
});

function servers(suffix = "") {
  return freebsdServers({
    updateUrl: url + suffix,
    packagesUrl: url + suffix,
    keyPrint: createHash("sha256").update(PUB).digest("hex"),
    cataloguePrints: [CATALOGUE_KEY.print],
  });
}

describe("FreeBSD's servers", () => {
  it("tell the patch level and the end of a release", async () => {
    expect(await servers().tag("14.3", "amd64")).toMatchObject({ patchLevel: 2, endOfLife: "2027-03-31" });
    expect(asked.sort()).toEqual(["/14.3-RELEASE/amd64/latest.ssl", "/14.3-RELEASE/amd64/pub.ssl"]);
  });

  it("call ARM arm64 for freebsd-update and aarch64 for pkg", async () => {
    expect(await servers("/").tag("15.1", "arm64")).toMatchObject({ patchLevel: 2 });
    expect(await servers("/").catalogue("15.1", "arm64")).toEqual({
      version: "15.1p3",
      patchLevel: 3,
      signedBy: CATALOGUE_KEY.print,
    });
  });

  it("have nothing of a release that does not exist, nor packages of one that has none", async () => {
    const missing = { name: "NoSuchReleaseError" };
    await expect(servers().tag("14.9", "amd64")).rejects.toMatchObject(missing);
    await expect(servers().catalogue("15.9", "amd64")).rejects.toMatchObject(missing);
    asked = [];
    await expect(servers().catalogue("14.3", "amd64")).rejects.toMatchObject(missing);
    expect(asked).toEqual([]);
  });

  it("that were replaced are noticed", async () => {
    files.set("/14.3-RELEASE/amd64/pub.ssl", CATALOGUE_KEY.pub);
    await expect(servers().tag("14.3", "amd64")).rejects.toMatchObject({ name: "UntrustedKeyError" });
    files.set("/FreeBSD:15:aarch64/base_release_1/data.pkg", archiveOf({ name: "data", content: DATA }));
    await expect(servers().catalogue("15.1", "arm64")).rejects.toMatchObject({ name: "UntrustedKeyError" });
  });

  it("serve another release's tag: it is not taken for the one that was asked for", async () => {
    files.set("/14.3-RELEASE/amd64/latest.ssl", latest("14.2-RELEASE", "amd64"));
    await expect(servers().tag("14.3", "amd64")).rejects.toMatchObject({ name: "TagUnreadableError" });
  });
});

describe("a download", () => {
  const limits = { limitBytes: 1000, timeoutSeconds: 20 };
  const answers: [why: string, name: string, says: RegExp, listener: RequestListener][] = [
    ["500", "ServerUnreachableError", /answered 500/, (_q, r) => r.writeHead(500).end()],
    ["503", "ServerUnreachableError", /answered 503/, (_q, r) => r.writeHead(503).end()],
    ["429: later", "ServerUnreachableError", /answered 429/, (_q, r) => r.writeHead(429).end()],
    ["403", "ServerAnswerError", /answered 403/, (_q, r) => r.writeHead(403).end()],
    ["204: nothing is no file", "ServerAnswerError", /answered 204/, (_q, r) => r.writeHead(204).end()],
    ["a byte too much", "ServerAnswerError", /more than/, (_q, r) => r.end(Buffer.alloc(1001))],
    [
      "without an end",
      "ServerAnswerError",
      /more than/,
      (_q, r) => endless(() => r.write(Buffer.alloc(4000))),
    ],
    ["hung up", "ServerUnreachableError", /no whole answer/, (q) => q.socket.destroy()],
    [
      "hung up in the middle",
      "ServerUnreachableError",
      /no whole answer/,
      (_q, r) => r.writeHead(200, { "content-length": "900" }).write("x", () => r.socket?.destroy()),
    ],
    ["no HTTP", "ServerUnreachableError", /no whole answer/, (q) => q.socket.end("SSH-2.0-x\r\n\r\n")],
    [
      "another server",
      "ServerAnswerError",
      /redirects to another server, example\.org/,
      (_q, r) => r.writeHead(302, { location: "http://example.org/x" }).end(),
    ],
    [
      "another name at the same port",
      "ServerAnswerError",
      /redirects to another server, localhost/,
      (q, r) => r.writeHead(302, { location: `http://localhost:${q.socket.localPort}/y` }).end(),
    ],
    [
      "TLS at a port of its own choice",
      "ServerAnswerError",
      /redirects to another server/,
      (_q, r) => r.writeHead(302, { location: "https://127.0.0.1:8443/y" }).end(),
    ],
    [
      "another port",
      "ServerAnswerError",
      /redirects to another server/,
      (_q, r) => r.writeHead(301, { location: "http://127.0.0.1:1/x" }).end(),
    ],
    [
      "another protocol",
      "ServerAnswerError",
      /redirects to another server/,
      (_q, r) => r.writeHead(301, { location: "file:///etc/passwd" }).end(),
    ],
    ["nowhere", "ServerAnswerError", /without saying where/, (_q, r) => r.writeHead(302).end()],
    [
      "round and round",
      "ServerAnswerError",
      /without an end/,
      (_q, r) => r.writeHead(302, { location: "/x" }).end(),
    ],
  ];
  test.each(answers)("%s: %s", async (_why, name, says, listener) => {
    answer = listener;
    const error = await download(`${url}/x`, limits).catch((failure: Error) => failure);
    expect(error).toMatchObject({ name, message: expect.stringMatching(says) });
    expect(isServerFailure(error)).toBe(true);
  });

  it("follows its own server", async () => {
    files.set("/y", Buffer.from("here"));
    answer = (request, response) => {
      if (request.url === "/y") response.end("here");
      else response.writeHead(307, { location: "y" }).end();
    };
    expect(String(await download(`${url}/x`, limits))).toBe("here");
  });

  it("takes as much as its limit", async () => {
    answer = (_request, response) => response.end(Buffer.alloc(1000));
    expect(await download(`${url}/x`, limits)).toHaveLength(1000);
  });

  it("does not wait for ever", async () => {
    answer = (_request, response) => void response.writeHead(200).write("x");
    const waiting = download(`${url}/x`, { ...limits, timeoutSeconds: 0.2 });
    await expect(waiting).rejects.toMatchObject({
      name: "ServerUnreachableError",
      message: expect.stringMatching(/within 0\.2 s/),
    });
  });

  it("that nobody answers is worth another try", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const error = await download(`http://127.0.0.1:${port}/x`, limits).catch((failure: Error) => failure);
    expect(error).toMatchObject({
      name: "ServerUnreachableError",
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    expect(translateTransient(error as Error).name).toBe("TransientError");
  });

  function endless(write: () => boolean): void {
    for (let count = 0; count < 10; count += 1) write();
  }
});
