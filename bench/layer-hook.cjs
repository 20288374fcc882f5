// Lets a bundle find its layer outside of Lambda: `/opt/nodejs/…` is looked for in BENCH_LAYER.
const Module = require("node:module");
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolve(request.replace(/^\/opt\/nodejs/, process.env.BENCH_LAYER), ...rest);
