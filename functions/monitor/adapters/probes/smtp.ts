import type { Duplex } from "node:stream";
import { type CheckOf, splitAddress } from "#fleet";
import { good, quoted } from "../../findings/finding.ts";
import type { Surroundings } from "../../ports.ts";
import type { Attempt, Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { openPipe } from "./pipe.ts";
import { secureConnection } from "./secure.ts";
import { SmtpDialogue } from "./smtp-dialogue.ts";

/** A mail server greets, and takes a greeting; where TLS is wanted, with a certificate that is good for its name. */
export const probeSmtp: Probe<"smtp"> = async (check, surroundings, attempt) => {
  const { stream, peer } = await open(check, surroundings, attempt);
  let dialogue = new SmtpDialogue(stream, peer, attempt);
  const greeting = await dialogue.greeting();
  const offered = await dialogue.ehlo();
  if (check.security === "starttls") {
    await dialogue.startTls(offered);
    const secured = await secureConnection(stream, { name: nameOf(check), peer, isVerified: true }, attempt);
    dialogue = new SmtpDialogue(secured, peer, attempt);
    // What was said in plain text does not count any more (RFC 3207, 4.2).
    await dialogue.ehlo();
  }
  dialogue.quit();
  const how = { starttls: ", with STARTTLS", tls: ", with TLS", spiped: ", through the pipe", none: "" };
  return good(`mail server greeted${how[check.security]}: "${quoted(greeting)}"`);
};

interface Opened {
  readonly stream: Duplex;
  readonly peer: string;
}

async function open(check: CheckOf<"smtp">, surroundings: Surroundings, attempt: Attempt): Promise<Opened> {
  if (check.security === "spiped")
    return openPipe(check.address, check.keyParameter ?? "", surroundings, attempt);
  const { socket, peer } = await openConnection(check.address, attempt);
  if (check.security !== "tls") return { stream: socket, peer };
  const expected = { name: nameOf(check), peer, isVerified: true };
  return { stream: await secureConnection(socket, expected, attempt), peer };
}

function nameOf({ name, address }: CheckOf<"smtp">): string {
  return name ?? splitAddress(address).host;
}
