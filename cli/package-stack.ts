import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseFleet } from "#fleet";
import { bundleAll } from "../infra/bundle.ts";
import { writeStack } from "../infra/compile.ts";

/*
 * `npm run package` and `npm run deploy`: bundles the functions and the layer, compiles the repetitive part of the
 * stack, and hands both to the framework. Packaging needs neither credentials nor a network; what the framework
 * asks of CloudFormation meanwhile (has this layer been deployed before?) is answered on loopback by `--offline`.
 */
const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: "string", default: "prod" },
    region: { type: "string" },
    fleet: { type: "string", default: join(root, "fleet.yml") },
  },
});
const command = positionals[0] === "deploy" ? "deploy" : "package";
const { stage } = values;

const fleet = parseFleet(readFileSync(values.fleet, "utf8"), values.fleet);
const region = values.region ?? fleet.regions.home;
await bundleAll(root, JSON.stringify(fleet));
writeStack(root, stage);
process.exitCode = command === "deploy" ? await framework("deploy", {}) : await packageOffline();

/** Packages against an account on loopback in which nothing has been deployed. */
async function packageOffline(): Promise<number> {
  const { openEmptyAccount } = await import("../local/rehearsal/empty-account.ts");
  const folder = mkdtempSync(join(tmpdir(), "nightshift-package-"));
  const account = await openEmptyAccount(folder);
  try {
    return await framework("package", {
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

function framework(name: "package" | "deploy", environment: NodeJS.ProcessEnv): Promise<number> {
  const program = join(root, "node_modules", "serverless", "bin", "serverless.js");
  const child = spawn(process.execPath, [program, name, "--stage", stage, "--region", region], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off", ...environment },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
}
