import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseFleet } from "#fleet";
import { bundleAll } from "../infra/bundle.ts";
import { functionsOf, writeStack } from "../infra/compile.ts";
import { PLACES, type Place, regionOf, stackName } from "../infra/place.ts";

/*
 * `npm run package` and `npm run deploy`: bundles the functions and the layer, compiles the repetitive part of the
 * stacks, and hands each to the framework, that of the watch region first. Packaging needs neither credentials nor a
 * network: what the framework asks of CloudFormation meanwhile (has this layer been deployed before?) is answered on
 * loopback. Deploying the watch asks nothing of the home region.
 */
const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: "string", default: "prod" },
    only: { type: "string" },
    fleet: { type: "string", default: join(root, "fleet.yml") },
  },
});
const command = positionals[0] === "deploy" ? "deploy" : "package";
const { stage, only } = values;

/** Each stack's index, and the folder in which it is packaged. */
const STACKS: Readonly<Record<Place, { readonly config: string; readonly folder: string }>> = {
  watch: { config: "serverless.watch.yml", folder: ".serverless-watch" },
  home: { config: "serverless.yml", folder: ".serverless" },
};

if (only !== undefined && only !== "home" && only !== "watch") {
  process.stderr.write(`--only ${only}: there are home and watch\n`);
  process.exit(2);
}
const fleet = parseFleet(readFileSync(values.fleet, "utf8"), values.fleet);
await bundleAll(root, JSON.stringify(fleet));
const places = PLACES.filter((place) => place === (only ?? place)).filter(hasPurpose);
for (const place of places) writeStack(root, stage, place);
process.exitCode = command === "deploy" ? await eachStack({}) : await packageOffline();

/**
 * A stack without functions is none; the framework would make a bucket for it. And a monitor that is told of nothing to
 * watch would fail every minute.
 */
function hasPurpose(place: Place): boolean {
  const lack = lackOf(place);
  if (lack !== undefined) process.stdout.write(`${stackName(stage, place)} is left out: ${lack}.\n`);
  return lack === undefined;
}

function lackOf(place: Place): string | undefined {
  if (functionsOf(root, place).length === 0) return "functions/ has none for that region";
  if (place === "watch" && fleet.monitor === undefined)
    return "the fleet has no section monitor, so nothing is watched";
  return undefined;
}

/** Packages against an account on loopback in which nothing has been deployed. */
async function packageOffline(): Promise<number> {
  const { openEmptyAccount } = await import("../local/rehearsal/empty-account.ts");
  const folder = mkdtempSync(join(tmpdir(), "nightshift-package-"));
  const account = await openEmptyAccount(folder);
  try {
    return await eachStack({
      AWS_ENDPOINT_URL: account.url,
      AWS_ACCESS_KEY_ID: "OFFLINE",
      AWS_SECRET_ACCESS_KEY: "offline",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
  } finally {
    await account.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One stack after the other, until one fails. Resolves to the status of the last. */
async function eachStack(environment: NodeJS.ProcessEnv): Promise<number> {
  for (const place of places) {
    const status = await framework(place, environment);
    if (status !== 0) return status;
  }
  return 0;
}

function framework(place: Place, environment: NodeJS.ProcessEnv): Promise<number> {
  const program = join(root, "node_modules", "serverless", "bin", "serverless.js");
  const { config, folder } = STACKS[place];
  // A deployment packages for itself: with --package it would expect a finished package there.
  const into = command === "package" ? ["--package", folder] : [];
  const region = regionOf(place, fleet.regions);
  const options = ["--config", config, "--stage", stage, "--region", region, ...into];
  const child = spawn(process.execPath, [program, command, ...options], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off", ...environment },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
}
