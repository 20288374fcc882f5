#!/usr/bin/env node
import { fileURLToPath } from "node:url";

// Plain JavaScript that any Node understands, since its first task is to say so when this Node is too old.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `nightshift needs Node 22.18 or later, and this is ${process.versions.node}. npm brings Node 24: npm run -s nightshift -- ${process.argv.slice(2).join(" ")}`,
  );
  process.exit(1);
}

// Warnings about Node's own experiments and about what our dependencies should write differently are not for operators.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  const quiet = ["ExperimentalWarning", "DeprecationWarning"].includes(warning.name);
  if (!quiet || process.env.NIGHTSHIFT_DEBUG) console.error(warning.stack);
});

// Compiled code is kept, which takes most of the time off every later start. In a folder of our own, since what lies in
// a /tmp that others write to must not be run. Where nothing can be written, nothing is kept.
const { enableCompileCache } = await import("node:module");
enableCompileCache(fileURLToPath(new URL("../.nightshift/compile-cache", import.meta.url)));

const { main } = await import("./main.ts");
await main(process.argv.slice(2));
