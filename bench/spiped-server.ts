import { readFileSync } from "node:fs";
import { readAddress, readKey, serve } from "#spiped";

/* Our server as a process of its own: SOURCE TARGET KEYFILE, as `spiped -d`. Says a line once it listens. */
const [source = "", target = "", keyFile = ""] = process.argv.slice(2);
await serve({
  source: readAddress(source),
  target: readAddress(target),
  key: readKey(readFileSync(keyFile)),
});
console.log("listening");
