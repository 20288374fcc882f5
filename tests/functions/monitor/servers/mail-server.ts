import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Issued } from "./certificates.ts";
import type { Conduct } from "./loopback.ts";

/** What a mail server says, by the verb that it is told; "greeting" first. Lines as they go over the wire. */
export interface MailScript {
  readonly greeting?: string;
  readonly EHLO?: string;
  readonly STARTTLS?: string;
  /** What it says to EHLO after STARTTLS. */
  readonly secureEHLO?: string;
  readonly certificate?: Issued;
  /** Verbs that it was told are put here. */
  readonly heard?: string[];
}

const SCRIPT = {
  greeting: "220 mail.example.org ESMTP\r\n",
  EHLO: "250-mail.example.org\r\n250-PIPELINING\r\n250-StartTLS\r\n250 8BITMIME\r\n",
  STARTTLS: "220 2.0.0 Ready to start TLS\r\n",
  secureEHLO: "250 mail.example.org\r\n",
};

/** A mail server that follows a script. Verbs that are not in it get no answer. */
export function mailServer(script: MailScript = {}): Conduct {
  const lines = { ...SCRIPT, ...script };
  return (socket) => {
    socket.write(lines.greeting);
    converse(socket, lines, false);
  };
}

function converse(socket: Socket, script: MailScript & typeof SCRIPT, isSecure: boolean): void {
  const listener = (data: Buffer) => {
    const [verb = ""] = data.toString().trim().split(" ");
    script.heard?.push(isSecure ? `${verb} in TLS` : verb);
    if (verb === "EHLO") socket.write(isSecure ? script.secureEHLO : script.EHLO);
    if (verb === "QUIT") socket.end("221 bye\r\n");
    if (verb !== "STARTTLS") return;
    socket.off("data", listener);
    socket.pause();
    socket.write(script.STARTTLS);
    if (script.certificate === undefined) return void socket.resume();
    const secureContext = createSecureContext(script.certificate);
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    secured.on("error", () => undefined);
    converse(secured, script, true);
  };
  socket.on("data", listener);
}
