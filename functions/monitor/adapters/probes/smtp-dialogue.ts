import type { Duplex } from "node:stream";
import { failed, ProbeEndedError, quoted } from "../../findings/finding.ts";
import {
  offers,
  REPLY_LINE_BYTES,
  REPLY_LINES,
  readReply,
  readReplyLine,
  type SmtpReply,
} from "../../findings/smtp-reply.ts";
import type { Attempt } from "./attempt.ts";
import { TextStream } from "./text-stream.ts";

/** A client's side of SMTP, as far as a greeting goes (RFC 5321, 4.1). Any reply that is not expected ends the probe. */
export class SmtpDialogue {
  readonly #text: TextStream;
  readonly #peer: string;
  readonly #attempt: Attempt;

  constructor(stream: Duplex, peer: string, attempt: Attempt) {
    this.#text = new TextStream(stream, peer, attempt, REPLY_LINE_BYTES);
    this.#peer = peer;
    this.#attempt = attempt;
  }

  /** What the server says first. Returns its text. */
  async greeting(): Promise<string> {
    const { lines } = await this.#expect(220, `waiting for the greeting of ${this.#peer}`, "greeting");
    return lines[0] ?? "";
  }

  /** Introduces itself, by an address literal since a function has no name. Returns what the server offers. */
  async ehlo(): Promise<SmtpReply> {
    return this.#ask("EHLO [127.0.0.1]", 250);
  }

  /** Asks for TLS. Afterwards the connection is free for it, and nothing that came in plain text is left over. */
  async startTls(offered: SmtpReply): Promise<void> {
    if (!offers(offered, "STARTTLS")) throw new ProbeEndedError(failed(`${this.#peer} offers no STARTTLS`));
    await this.#ask("STARTTLS", 220);
    if (this.#text.release() > 0)
      throw new ProbeEndedError(failed(`${this.#peer} went on in plain text after STARTTLS`));
  }

  /** Takes its leave. A server that just closes has heard it as well. */
  quit(): void {
    this.#text.write("QUIT");
  }

  async #ask(command: string, code: number): Promise<SmtpReply> {
    const [verb = command] = command.split(" ");
    this.#text.write(command);
    return this.#expect(code, `waiting for the reply to ${verb} of ${this.#peer}`, verb);
  }

  async #expect(code: number, stage: string, to: string): Promise<SmtpReply> {
    this.#attempt.stage = stage;
    const reply = await this.#readReply();
    if (reply.code === code) return reply;
    const words = quoted(reply.lines.join(" "));
    throw new ProbeEndedError(failed(`${to} answered with ${reply.code}, expected ${code}: "${words}"`));
  }

  async #readReply(): Promise<SmtpReply> {
    const lines: string[] = [];
    while (lines.length < REPLY_LINES) {
      const line = await this.#text.readLine();
      lines.push(line);
      if (readReplyLine(line)?.isLast === false) continue;
      const reply = readReply(lines);
      if (reply !== undefined) return reply;
      throw new ProbeEndedError(failed(`${this.#peer} does not speak SMTP: "${quoted(line)}"`));
    }
    throw new ProbeEndedError(failed(`${this.#peer} sent a reply of more than ${REPLY_LINES} lines`));
  }
}
