export { type Address, readAddress, writeAddress } from "./address.ts";
export { type DialOptions, dial } from "./dial.ts";
export {
  SpipedConnectError,
  SpipedConnectionLostError,
  SpipedHandshakeError,
  SpipedHandshakeTimeoutError,
  SpipedOptionsError,
  SpipedProtocolError,
} from "./failures.ts";
export { awaitGreeting, type Greeting, greet } from "./greet.ts";
export { readKey, type SpipedKey } from "./key.ts";
export { handshakeAsClient } from "./negotiate.ts";
export { type ServeOptions, type SpipedServer, serve } from "./serve.ts";
