import { connect } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type CommandResult, type HostAccess, runOnHost } from "#hosts";
import { readKey } from "#spiped";
import { makeSshKey } from "../../../local/builder/ssh-key.ts";
import {
  closeServers,
  listen,
  refusedAddress,
  saying,
  sayingAndClosing,
  silent,
} from "../../functions/monitor/servers/loopback.ts";
import { closePipes, openPipeTo } from "../../functions/monitor/servers/pipe.ts";
import {
  type Command,
  knownHost,
  openSshServer,
  printing,
  type SshServer,
} from "../../functions/monitor/servers/ssh-server.ts";

const KEY = readKey(Buffer.alloc(32, 1));
const OTHER_KEY = readKey(Buffer.alloc(32, 2));

afterEach(async () => {
  await closeServers();
  await closePipes();
});

interface Attempt {
  readonly access?: Partial<HostAccess>;
  readonly input?: string;
  readonly timeoutSeconds?: number;
  readonly outputLimitBytes?: number;
}

/** Runs "report" on a host with that sshd behind a pipe; afterwards nobody may be connected to either. */
async function run(server: SshServer, attempt: Attempt = {}): Promise<CommandResult> {
  const pipe = await openPipeTo(server.port, KEY);
  const { access = {}, input, timeoutSeconds = 20, outputLimitBytes = 65_536 } = attempt;
  try {
    return await runOnHost(
      {
        address: pipe.address,
        hostKey: server.hostKey,
        pipeKeys: [KEY],
        user: "root",
        privateKey: server.userKey.private,
        ...access,
      },
      { command: "report", timeoutSeconds, outputLimitBytes, ...(input === undefined ? {} : { input }) },
    );
  } finally {
    await server.untilLeft();
    await pipe.untilLeft();
  }
}

const failure = (name: string, message: string | RegExp) =>
  expect.objectContaining({ name, message: expect.stringMatching(message) });

/** Says on standard output what came on standard input. */
const echo: Command = (channel) => {
  channel.pipe(channel, { end: false });
  channel.on("end", () => {
    channel.exit(0);
    channel.end();
  });
};

describe("a command on a host", () => {
  it("runs as that user, and its output, errors and status come back", async () => {
    const server = await openSshServer((channel) => {
      channel.stderr.write("a warning\n");
      printing("two\nlines\n", 3)(channel);
    });
    expect(await run(server)).toEqual({ exitStatus: 3, stdout: "two\nlines\n", stderr: "a warning\n" });
    expect(server.ran).toEqual(["root: report"]);
  });

  it("reads the input, to its end", async () => {
    const input = "secret\n".repeat(5000);
    const result = await run(await openSshServer(echo), { input });
    expect(result.stdout).toBe(input);
  });

  it("without input its standard input is at its end", async () => {
    expect(await run(await openSshServer(echo))).toEqual({ exitStatus: 0, stdout: "", stderr: "" });
  });

  it("that a signal ended has no status", async () => {
    const server = await openSshServer((channel) => {
      channel.exit("KILL");
      channel.end();
    });
    expect(await run(server)).toMatchObject({ exitStatus: undefined });
  });

  it("is reached with the key that is to follow, when the one in force is refused", async () => {
    const server = await openSshServer(printing("ok\n"));
    const result = await run(server, { access: { pipeKeys: [OTHER_KEY, KEY] } });
    expect(result.stdout).toBe("ok\n");
  });
});

const misbehaviours: {
  readonly why: string;
  readonly command: Command;
  readonly error: string;
  readonly message: RegExp;
  readonly timeoutSeconds?: number;
}[] = [
  {
    why: "its channel is closed without a word",
    command: (channel) => channel.close(),
    error: "HostLostError",
    message: /^the connection ended before the command did$/,
  },
  {
    why: "it does not end",
    command: (channel) => channel.write("working\n"),
    error: "HostHungError",
    message: /^no end after 3 s, while the command was running$/,
    timeoutSeconds: 3,
  },
  {
    why: "it never stops printing",
    command: (channel) => {
      const go = () => {
        while (!channel.destroyed && channel.write("x".repeat(32_768)));
      };
      channel.on("drain", go);
      go();
    },
    error: "OutputTooLongError",
    message: /^it printed more than 64 KiB$/,
  },
  {
    why: "it never stops complaining",
    command: (channel) => {
      const go = () => {
        while (!channel.destroyed && channel.stderr.write("x".repeat(32_768)));
      };
      channel.on("drain", go);
      go();
    },
    error: "OutputTooLongError",
    message: /^it printed more than 64 KiB$/,
  },
];

describe("a command that misbehaves", () => {
  it.each(misbehaviours)("$error: $why", async ({ command, error, message, timeoutSeconds = 20 }) => {
    const server = await openSshServer(command);
    await expect(run(server, { timeoutSeconds })).rejects.toEqual(failure(error, message));
  });
});

describe("a host that is not reached has run nothing", () => {
  it("HostHungError: its pipe opens when the time is up", async () => {
    const server = await openSshServer(printing("ok\n"));
    const pipe = await openPipeTo(server.port, KEY);
    const late = await listen((socket) => {
      const [host, port] = pipe.address.split(":");
      const onward = connect(Number(port), host).on("error", () => undefined);
      onward.on("close", () => socket.destroy());
      socket.on("close", () => onward.destroy());
      socket.pipe(onward);
      setTimeout(() => onward.pipe(socket), 2000);
    });
    const attempt = run(server, { access: { address: late.address }, timeoutSeconds: 1 });
    await expect(attempt).rejects.toEqual(failure("HostHungError", /^no end after 1 s, while connecting/));
    await late.untilLeft();
    await pipe.untilLeft();
    await server.untilLeft();
    expect(server.ran).toEqual([]);
  });

  const refusals: {
    readonly why: string;
    readonly access: () => Partial<HostAccess> | Promise<Partial<HostAccess>>;
    readonly error: string;
    readonly message: RegExp;
  }[] = [
    {
      why: "another host key",
      access: () => ({ hostKey: knownHost(makeSshKey("ed25519")) }),
      error: "HostKeyChangedError",
      message: /^the host key is SHA256:[\w+/]{43}, not the pinned one: nothing was run$/,
    },
    {
      why: "no key of the pinned type",
      access: () => ({ hostKey: knownHost(makeSshKey("ecdsa")) }),
      error: "HostKeyChangedError",
      message: /has no ecdsa-sha2-nistp256 key any more/,
    },
    {
      why: "a login that it does not know",
      access: () => ({ privateKey: makeSshKey("ed25519").private }),
      error: "LoginRefusedError",
      message: /^sshd did not let root in$/,
    },
    {
      why: "a private key that is none, and is not shown",
      access: () => ({ privateKey: "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n" }),
      error: "UnusableKeyError",
      message: /^the private SSH key cannot be used$/,
    },
    {
      why: "another pipe key",
      access: () => ({ pipeKeys: [OTHER_KEY] }),
      error: "PipeRefusedError",
      message: /greeted and closed: wrong key, or nothing listens behind the pipe$/,
    },
    {
      why: "nobody at its address",
      access: async () => ({ address: await refusedAddress() }),
      error: "HostUnreachableError",
      message: /ECONNREFUSED/,
    },
    {
      why: "something else at its address, that says nothing",
      access: async () => ({ address: (await listen(silent)).address }),
      error: "HostHungError",
      message: /^no end after 3 s, while connecting to 127/,
    },
    {
      why: "something else at its address, that talks",
      access: async () => ({ address: (await listen(saying("220 mail\r\n".repeat(50)))).address }),
      error: "PipeRefusedError",
      message: /does not speak spiped, or not with this key/,
    },
    {
      why: "something at its address that closes",
      access: async () => ({ address: (await listen(sayingAndClosing(""))).address }),
      error: "PipeRefusedError",
      message: /closed without a greeting/,
    },
  ];

  it.each(refusals)("$error: $why", async ({ access, error, message }) => {
    const server = await openSshServer(printing("ok\n"));
    const timeoutSeconds = error === "HostHungError" ? 3 : 20;
    const attempt = { access: await access(), timeoutSeconds };
    await expect(run(server, attempt)).rejects.toEqual(failure(error, message));
    expect(server.ran).toEqual([]);
  });

  it("PipeRefusedError: the right key, and nothing behind the pipe", async () => {
    const server = await openSshServer(printing("ok\n"));
    const address = await refusedAddress();
    const pipe = await openPipeTo(Number(address.split(":")[1]), KEY);
    const attempt = run(server, { access: { address: pipe.address } });
    await expect(attempt).rejects.toEqual(failure("PipeRefusedError", /nothing listens behind the pipe/));
  });
});
