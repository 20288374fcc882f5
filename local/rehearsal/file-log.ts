import { createWriteStream } from "node:fs";

/** Where the log lines of rehearsed functions go: a file, since the terminal belongs to the progress. */
export function fileLog(file: string): { write: (line: string) => void; close: () => Promise<void> } {
  const stream = createWriteStream(file, { flags: "a" });
  return {
    write: (line) => {
      stream.write(`${line}\n`);
    },
    close: () => new Promise((closed) => stream.end(() => closed())),
  };
}
