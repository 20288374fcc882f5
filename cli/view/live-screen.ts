/** Lines that are drawn in place, again and again, at the bottom of what a terminal shows (ECMA-48: CPL, ED). */
export class LiveScreen {
  readonly #write: (text: string) => void;
  readonly #rows: () => number;
  #drawn = 0;
  #isOpen = false;

  /** @param rows height of the terminal, asked for anew each time since windows change */
  constructor(write: (text: string) => void, rows: () => number) {
    this.#write = write;
    this.#rows = rows;
  }

  /**
   * Draws a text of lines in place of the one before. What does not fit could not be erased, so it is left out: after the
   * heading, since the end says what is wrong.
   */
  draw(text: string): void {
    const lines = text.trimEnd().split("\n");
    const most = Math.max(this.#rows() - 1, 3);
    const shown = lines.length <= most ? lines : [lines[0] ?? "", "...", ...lines.slice(2 - most)];
    const hide = this.#isOpen ? "" : "\u001b[?25l";
    const up = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}F\u001b[J`;
    this.#write(`${hide}${up}${shown.join("\n")}\n`);
    this.#isOpen = true;
    this.#drawn = shown.length;
  }

  /** Gives the cursor back. What was drawn last stays. */
  close(): void {
    if (this.#isOpen) this.#write("\u001b[?25h");
    this.#isOpen = false;
  }
}
