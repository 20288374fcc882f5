import { finished, pipeline } from "node:stream/promises";
import type { Command } from "commander";
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

Host keys and logins are ssh's as before. Where standard input ends, the other direction stays open.
The end of a stream is not authenticated: who is in between can cut one short, but not change it.`;

interface SpipeOptions {
  readonly target: string;
  readonly key: string;
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
    .requiredOption("-k, --key <file>", "the key file, the same as the server's")
    .option("-f, --disable-pfs", "do without perfect forward secrecy")
    .option("-g, --require-pfs", "refuse a server that does without it")
    .option("-o, --timeout <seconds>", "for connecting, and then for the handshake (default: 5)")
    .addHelpText("after", EXAMPLES)
    .action((options: SpipeOptions) => spipe(deps, options));
}

async function spipe(deps: Deps, options: SpipeOptions): Promise<void> {
  const { dial, readAddress } = await import("#spiped");
  const { readKeyFile } = await import("../key-file.ts");
  if (options.disablePfs && options.requirePfs) {
    throw new OperatorError(
      "-f and -g contradict each other",
      "Leave both out unless you know that you need one.",
    );
  }
  const stream = await dial({
    target: readAddress(options.target),
    key: readKeyFile(options.key, (warning) => void deps.err.write(`nightshift: ${warning}\n`)),
    timeoutSeconds: readSeconds(options.timeout),
    noPfs: options.disablePfs === true,
    requirePfs: options.requirePfs === true,
  });
  // No pipeline to standard output: that would destroy it, with the stream's error, when the stream fails.
  stream.pipe(process.stdout);
  await Promise.all([pipeline(process.stdin, stream), finished(stream)]);
}

function readSeconds(text = "5"): number {
  if (/^\d{1,6}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new OperatorError(`-o ${text} is no time to wait`, "It is a number of seconds, like 5 or 0.5.");
}
