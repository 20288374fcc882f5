import type { Duplex } from "node:stream";
import { failed, ProbeEndedError, quoted } from "../../findings/finding.ts";
import { brokenConnection, type NetworkError } from "../../findings/network-reason.ts";
import type { Attempt } from "./attempt.ts";

/** What to do with a line that is too long. */
type Overlong = "refuse" | "cut";

/** Reads lines from a connection whose other end may send anything, or nothing. At most `limit` bytes are held. */
export class TextStream {
  readonly #stream: Duplex;
  readonly #peer: string;
  readonly #attempt: Attempt;
  readonly #limit: number;
  #held = Buffer.alloc(0);
  #end: ProbeEndedError | undefined;
  #wake: () => void = () => undefined;

  /** `peer` is "10.0.0.1:443", for reasons. */
  constructor(stream: Duplex, peer: string, attempt: Attempt, limit: number) {
    this.#stream = stream;
    this.#peer = peer;
    this.#attempt = attempt;
    this.#limit = limit;
    stream.on("data", this.#take).on("end", this.#close).on("close", this.#close).on("error", this.#fail);
  }

  /**
   * The next line, without its end. When it is longer than the limit: refused, or cut there.
   * @throws ProbeEndedError when the connection ends or breaks before it
   */
  async readLine(overlong: Overlong = "refuse"): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf("\n");
      if (end >= 0) return this.#cut(end, end + 1).replace(/\r$/, "");
      if (this.#held.length >= this.#limit) {
        if (overlong === "cut") return this.#cut(this.#limit, this.#limit);
        throw new ProbeEndedError(failed(`${this.#peer} sent ${this.#limit} bytes without an end of line`));
      }
      if (this.#end !== undefined) throw this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.resume();
      });
    }
  }

  /** Sends a line. */
  write(line: string): void {
    this.#stream.write(`${line}\r\n`);
  }

  /** Lets go of the connection, for TLS to take it. Returns how many bytes had come that nobody has read. */
  release(): number {
    const { length } = this.#held;
    this.#stream.pause();
    this.#stream
      .off("data", this.#take)
      .off("end", this.#close)
      .off("close", this.#close)
      .off("error", this.#fail);
    return length;
  }

  readonly #take = (chunk: Buffer): void => {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (this.#held.length >= this.#limit) this.#stream.pause();
    this.#wake();
  };

  readonly #close = (): void => {
    const rest = quoted(this.#held.toString("latin1"));
    const after = rest === "" ? "" : `, after "${rest}"`;
    this.#end ??= new ProbeEndedError(
      failed(`${this.#peer} closed the connection, ${this.#attempt.stage}${after}`),
    );
    this.#wake();
  };

  readonly #fail = (error: NetworkError): void => {
    this.#end ??= new ProbeEndedError(brokenConnection(error, this.#peer, this.#attempt.stage));
    this.#wake();
  };

  #cut(end: number, next: number): string {
    const line = this.#held.toString("utf8", 0, end);
    this.#held = this.#held.subarray(next);
    return line;
  }
}
