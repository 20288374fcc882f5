import { connect, type Socket } from "node:net";
import { type Address, writeAddress } from "./address.ts";
import { codeOf, SpipedConnectError } from "./failures.ts";

/**
 * Opens a connection that can be half closed, has TCP_NODELAY and keepalive, and reads nothing by itself. SpipedConnectError with
 * the system's code, or ETIMEDOUT, when there is none in that time.
 */
export function openSocket(target: Address, milliseconds: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true, keepAlive: true });
    const fail = (reason: string, code: string, cause?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      const message = `could not connect to ${writeAddress(target)}: ${reason}`;
      reject(new SpipedConnectError(message, code, { cause }));
    };
    const timer = setTimeout(() => fail(`no answer in ${milliseconds / 1000} s`, "ETIMEDOUT"), milliseconds);
    // It stays, so that whatever happens to the socket later finds somebody who listens.
    socket.on("error", (error) => fail(codeOf(error), codeOf(error), error));
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
