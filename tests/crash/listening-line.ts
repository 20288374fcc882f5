import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What is told of a request to Twilio: before it gets there, and after Twilio has answered, but before we know. */
export type OnRequest = (what: string, phase: "before" | "after") => Promise<void>;

/** A line to Twilio on which somebody listens, and on which nothing goes on while they do not let it. */
export async function listeningLine(twilioUrl: string, onRequest: OnRequest) {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      const { method = "GET", url = "/", headers } = incoming;
      const what = `twilio:${method} ${/(\w+)\.json/.exec(url)?.[1] ?? url}`;
      await onRequest(what, "before");
      const passed = ask(
        new URL(url, twilioUrl),
        { method, headers: { ...headers, connection: "close" } },
        (answer) => {
          const body: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => body.push(chunk));
          answer.on("end", async () => {
            await onRequest(what, "after");
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(body));
          });
        },
      );
      passed.on("error", () => outgoing.destroy());
      passed.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
