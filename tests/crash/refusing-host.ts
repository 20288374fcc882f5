import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server that can be switched off, whose host then refuses connections at once: quicker than one that is silent. */
export async function startRefusingHost() {
  let server: Server | undefined;
  let port = 0;
  const comeBack = async () => {
    server = createServer((_, response) => response.end("here"));
    await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  };
  const goDown = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  };
  await comeBack();
  return { url: `http://127.0.0.1:${port}/`, goDown, comeBack, isUp: () => server !== undefined };
}
