import { type Finding, failed, timedOut } from "./finding.ts";

/** An error of the network as Node gives it: `code` is the system's (errno(2)) or c-ares' name. */
export interface NetworkError {
  readonly code?: string | undefined;
  readonly message: string;
}

/** What ended a connection, in words. `peer` is "10.0.0.1:443"; `stage` what was under way: "waiting for the greeting". */
export function brokenConnection(error: NetworkError, peer: string, stage: string): Finding {
  const host = peer.slice(0, peer.lastIndexOf(":"));
  switch (error.code) {
    case "ECONNREFUSED":
      return failed(`connection refused by ${peer}`);
    case "ECONNRESET":
      return failed(
        isOwnWords(error)
          ? `${peer} closed the connection, ${stage}`
          : `connection reset by ${peer}, ${stage}`,
      );
    case "ECONNABORTED":
    case "EPIPE":
      return failed(`connection to ${peer} broke, ${stage}`);
    case "EHOSTUNREACH":
      return failed(`${host} is unreachable: no route to the host`);
    case "ENETUNREACH":
      return failed(`${host} is unreachable: no route to its network`);
    case "EHOSTDOWN":
      return failed(`${host} is unreachable: the host is down`);
    case "ETIMEDOUT":
      return timedOut(`the network gave ${peer} up, ${stage}`);
    default:
      return failed(`connection to ${peer} failed, ${stage}: ${error.message}`);
  }
}

/** Node calls a connection that was closed too early reset, as well, but in other words than the system's. */
function isOwnWords({ message }: NetworkError): boolean {
  return /socket hang up|aborted|disconnected before secure TLS connection/.test(message);
}

/** Why a name gave no address. Codes are c-ares' (Node documentation, "dns: Error codes"). */
export function unresolvedName(error: NetworkError, name: string): Finding {
  switch (error.code) {
    case "ENOTFOUND":
      return failed(`name not found: ${name} (NXDOMAIN)`);
    case "ENODATA":
      return failed(`${name} has no address`);
    default:
      return noLookup(error, name, "the name server");
  }
}

/** Why `server` did not answer a question about a name, where the answer is not about the name itself. */
export function noLookup(error: NetworkError, name: string, server: string): Finding {
  switch (error.code) {
    case "ESERVFAIL":
      return failed(`${server} failed on ${name} (SERVFAIL)`);
    case "EREFUSED":
      return failed(`${server} refuses to answer for ${name} (REFUSED)`);
    case "ENOTIMP":
      return failed(`${server} does not know such questions (NOTIMP)`);
    case "EFORMERR":
      return failed(`${server} did not understand the question (FORMERR)`);
    case "EBADRESP":
      return failed(`${server} gave an answer that is no DNS`);
    case "EBADNAME":
      return failed(`${name} is no name that DNS could know`);
    case "ECONNREFUSED":
      return failed(`${server} cannot be reached, asked for ${name}`);
    case "ETIMEOUT":
      return timedOut(`${server} did not answer for ${name}`);
    default:
      return failed(`${server} gave no answer for ${name}: ${error.message}`);
  }
}
