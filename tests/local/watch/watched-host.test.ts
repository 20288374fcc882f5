import { connect } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { startWatchedHost, type WatchedHost } from "../../../local/watch/watched-host.ts";

let host: WatchedHost;
afterEach(() => host.close());

/** What becomes of a connection to the host's pipe within a moment: accepted, refused, or nothing at all. */
function knock(): Promise<"accepted" | "refused" | "nothing"> {
  const { hostname, port } = new URL(`http://${host.pipe}`);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    const end = (what: "accepted" | "refused" | "nothing") => {
      socket.destroy();
      resolve(what);
    };
    socket.on("connect", () => end("accepted"));
    socket.on("error", () => end("refused"));
    socket.setTimeout(300, () => end("nothing"));
  });
}

it("a host that is up takes connections and serves a page", async () => {
  host = await startWatchedHost();
  expect(await knock()).toBe("accepted");
  expect(await (await fetch(host.url)).text()).toContain("It works");
});

it("one that is dark takes none and refuses none, and comes back", async () => {
  host = await startWatchedHost();
  await host.goDark();
  expect(await knock()).toBe("nothing");
  await host.comeBack();
  let answer = await knock(); // its queue may still be full
  for (let tries = 0; answer === "nothing" && tries < 20; tries += 1) answer = await knock();
  expect(answer).toBe("accepted");
});

it("one that is dark can be closed", async () => {
  host = await startWatchedHost();
  await host.goDark();
  await host.close();
  expect(await knock()).toBe("refused");
});
