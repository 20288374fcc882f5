import { createServer } from "node:net";
import ssh2 from "ssh2";
import { makeSshKey, type SshKeyPair } from "../../../../local/builder/ssh-key.ts";
import { attend, type Loopback } from "./loopback.ts";

/** What a command prints, and how it ends. */
export type Command = (channel: ssh2.ServerChannel) => void;

export interface SshServer extends Loopback {
  /** As known_hosts has it: type and base64. */
  readonly hostKey: string;
  /** With which one may log in. */
  readonly userKey: SshKeyPair;
  /** "user: command", in order. */
  readonly ran: readonly string[];
}

/** An sshd in which one key may log in, and every command does the same. */
export async function openSshServer(command: Command): Promise<SshServer> {
  const host = makeSshKey("ed25519");
  const userKey = makeSshKey("ed25519");
  const ran: string[] = [];
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    let user = "";
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      user = context.username;
      if (context.method === "publickey" && context.key.data.equals(blobOf(userKey))) context.accept();
      else context.reject(["publickey"]);
    });
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _reject, info) => {
        ran.push(`${user}: ${info.command}`);
        command(acceptExec());
      });
    });
  });
  const loopback = await attend(createServer((socket) => server.injectSocket(socket)));
  return { ...loopback, hostKey: knownHost(host), userKey, ran };
}

/** Prints something and ends. */
export function printing(text: string, status = 0): Command {
  return (channel) => {
    channel.write(text);
    channel.exit(status);
    channel.end();
  };
}

/** "type base64" of a public key, without its comment. */
export function knownHost({ public: line }: SshKeyPair): string {
  return line.split(" ").slice(0, 2).join(" ");
}

function blobOf({ public: line }: SshKeyPair): Buffer {
  return Buffer.from(line.split(" ")[1] ?? "", "base64");
}
