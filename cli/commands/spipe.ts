import { finished, pipeline } from "node:stream/promises";
import type { Command } from "commander";
import type { SpipedKey } from "#spiped";
import type { Deps } from "../deps.ts";
import { OperatorError } from "../operator-error.ts";

const EXAMPLES = `
Example:
  nightshift spipe -t system.example.com:8022 -k ~/.ssh/system.key

To bring ssh in this way, make a key, and give the server the same one:

  dd if=/dev/urandom bs=32 count=1 of=system.key; chmod 600 system.key
  spiped -d -s '[0.0.0.0]:8022' -t '[127.0.0.1]:22' -k /etc/ssh/system.key     (on the server)

Then port 22 can be closed to the world. In ~/.ssh/config:

  Host system.example.com
    ProxyCommand nightshift spipe -t %h:8022 -k ~/.ssh/system.key

For hosts of the fleet, "nightshift ssh HOST" does all of this with the key in Parameter Store, without a key file:

  nightshift spipe -t system.example.com:8022 --parameter /nightshift/pipes/SSH --region us-east-1

Host keys and logins are ssh's as before. Where standard input ends, the other direction stays open.
The end of a stream is not authenticated: who is in between can cut one short, but not change it.`;

interface SpipeOptions {
  readonly target: string;
  readonly key?: string;
  readonly parameter?: string;
  readonly region?: string;
  readonly disablePfs?: true;
  readonly requirePfs?: true;
  readonly timeout?: string;
}

/** `nightshift spipe`: standard input and output through a spiped server, as spipe(1). */
export function register(program: Command, deps: Deps): void {
  program
    .command("spipe")
    .summary("standard input and output through a spiped server")
    .description(
      "Connects to a spiped server, encrypted and authenticated, as spipe(1) does; for ssh and others.",
    )
    .requiredOption("-t, --target <address>", "the server: host:port, [::1]:port or /absolute/unix.socket")
    .option("-k, --key <file>", "the key file, the same as the server's")
    .option(
      "--parameter <name>",
      "instead: the key's parameter in SSM; while it is rotated, the next one is tried too",
    )
    .option("--region <region>", "where that parameter is (default: AWS_REGION)")
    .option("-f, --disable-pfs", "do without perfect forward secrecy")
    .option("-g, --require-pfs", "refuse a server that does without it")
    .option("-o, --timeout <seconds>", "for connecting, and then for the handshake (default: 5)")
    .addHelpText("after", EXAMPLES)
    .action((options: SpipeOptions, command: Command) => {
      if ((options.key === undefined) === (options.parameter === undefined))
        command.error("error: a pipe needs one key: -k FILE or --parameter NAME");
      return spipe(deps, options);
    });
}

async function spipe(deps: Deps, options: SpipeOptions): Promise<void> {
  const { dial, readAddress } = await import("#spiped");
  if (options.disablePfs && options.requirePfs) {
    throw new OperatorError(
      "-f and -g contradict each other",
      "Leave both out unless you know that you need one.",
    );
  }
  const how = {
    target: readAddress(options.target),
    timeoutSeconds: readSeconds(options.timeout),
    noPfs: options.disablePfs === true,
    requirePfs: options.requirePfs === true,
  };
  const stream = await firstTaken(await keysOf(deps, options), (key) => dial({ ...how, key }));
  // No pipeline to standard output: that would destroy it, with the stream's error, when the stream fails.
  stream.pipe(process.stdout);
  await Promise.all([pipeline(process.stdin, stream), finished(stream)]);
}

/** The keys to try, in order. @throws OperatorError */
async function keysOf(deps: Deps, { key, parameter, region }: SpipeOptions): Promise<readonly SpipedKey[]> {
  if (key !== undefined) {
    const { readKeyFile } = await import("../key-file.ts");
    return [readKeyFile(key, (warning) => void deps.err.write(`nightshift: ${warning}\n`))];
  }
  const { readPipeKeys } = await import("../pipe-keys.ts");
  const where = region ?? deps.environment.AWS_REGION ?? deps.environment.AWS_DEFAULT_REGION;
  if (where === undefined)
    throw new OperatorError("in which region is the parameter?", "Add --region, or set AWS_REGION.");
  return readPipeKeys(await deps.loadParameters(where), parameter ?? "", where);
}

/** The pipe by the first key that the server takes; if it takes none, what it said to the first. */
async function firstTaken<Pipe>(
  keys: readonly SpipedKey[],
  open: (key: SpipedKey) => Promise<Pipe>,
): Promise<Pipe> {
  let refusal: unknown;
  for (const key of keys) {
    try {
      return await open(key);
    } catch (error) {
      if (!(error instanceof Error && error.name === "SpipedHandshakeError")) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function readSeconds(text = "5"): number {
  if (/^\d{1,6}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new OperatorError(`-o ${text} is no time to wait`, "It is a number of seconds, like 5 or 0.5.");
}
