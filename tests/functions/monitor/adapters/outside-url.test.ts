import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { outsideUrl } from "../../../../functions/monitor/adapters/outside-url.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Somebody else's service. Answers its address, and what it was asked for. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = [];
  const opened = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(opened.address() as AddressInfo).port}/ping/abc`, asked };
}

describe("the service outside", () => {
  it.each([200, 204])("is told by one request, and content with %i", async (status) => {
    const { url, asked } = await serve((_, response) => response.writeHead(status).end());
    await outsideUrl(url).tell();
    expect(asked).toEqual(["GET /ping/abc"]);
  });

  it.each([404, 500, 503])("an answer of %i is a failure by name", async (status) => {
    const { url } = await serve((_, response) => response.writeHead(status).end("what?"));
    await expect(outsideUrl(url).tell()).rejects.toMatchObject({
      name: "OutsideUnreachableError",
      message: expect.stringContaining(`it answered ${status}`),
    });
  });

  it("a redirect is not followed: whoever the address belongs to now has not been told", async () => {
    const { url, asked } = await serve((_, response) =>
      response.writeHead(302, { location: "/parked" }).end(),
    );
    await expect(outsideUrl(url).tell()).rejects.toMatchObject({ name: "OutsideUnreachableError" });
    expect(asked).toEqual(["GET /ping/abc"]);
  });

  it("a long answer is not read", async () => {
    const { url } = await serve((_, response) => response.writeHead(200).write("and so on")); // and never ends
    await outsideUrl(url).tell();
  });

  it("silence is not waited for longer than patience lasts", async () => {
    const patience = new AbortController();
    const { url } = await serve(() => patience.abort(new Error("no patience left")));
    await expect(outsideUrl(url, () => patience.signal).tell()).rejects.toMatchObject({
      name: "OutsideUnreachableError",
      message: expect.stringContaining("no patience left"),
    });
  });

  it("nobody there", async () => {
    const { url } = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await expect(outsideUrl(url).tell()).rejects.toMatchObject({ name: "OutsideUnreachableError" });
  });

  it("without one there is nobody to tell", async () => {
    await expect(outsideUrl(undefined).tell()).resolves.toBeUndefined();
  });
});
