import type { Duplex } from "node:stream";

/**
 * Exactly `size` bytes from a socket that nobody else reads, however they arrive; what follows stays in the socket.
 * Undefined if the peer ended before. Rejects with the socket's error.
 */
export function readExactly(socket: Duplex, size: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off("readable", look).off("end", end).off("error", fail).off("close", close);
      act();
    };
    const look = () => {
      const bytes: Buffer | null = socket.read(size);
      // At the end a stream gives what is left, even if it is less.
      if (bytes !== null) settle(() => resolve(bytes.length === size ? bytes : undefined));
    };
    const end = () => settle(() => resolve(undefined));
    const fail = (error: Error) => settle(() => reject(error));
    const close = () => settle(() => (socket.errored ? reject(socket.errored) : resolve(undefined)));
    socket.on("readable", look).on("end", end).on("error", fail).on("close", close);
    if (socket.destroyed) close();
    else if (socket.readableEnded) end();
    else look();
  });
}
