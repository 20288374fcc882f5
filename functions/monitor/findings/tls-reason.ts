/**
 * What OpenSSL says of a chain of certificates, in words. Codes are X509_V_ERR_* without their prefix, as Node gives
 * them (Node documentation, "tls: X509 certificate error codes").
 */
const CHAIN_PROBLEMS: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: "the certificate of its issuer is missing",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "no trusted authority is behind it, or an intermediate certificate is missing",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "no trusted authority is behind it: the intermediate certificate is missing",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends at an authority that is not trusted",
  CERT_HAS_EXPIRED: "it, or one of its chain, has ended",
  CERT_NOT_YET_VALID: "it, or one of its chain, is not valid yet",
  CERT_SIGNATURE_FAILURE: "its signature is wrong",
  CERT_REVOKED: "it was revoked",
  CERT_CHAIN_TOO_LONG: "its chain is too long",
  CERT_UNTRUSTED: "its authority is not trusted for this",
  CERT_REJECTED: "its authority is rejected for this",
  INVALID_CA: "an issuer in its chain may not issue certificates",
  INVALID_PURPOSE: "it is not made for servers",
  PATH_LENGTH_EXCEEDED: "its chain is longer than an authority allows",
  HOSTNAME_MISMATCH: "it is for another name",
  EE_KEY_TOO_SMALL: "its key is too small",
  CA_MD_TOO_WEAK: "its chain is signed with a digest that is too weak",
};

/** "self-signed": what is wrong with a chain, by OpenSSL's code, which stands behind it for whoever wants to look it up. */
export function chainProblem(code: string): string {
  const words = CHAIN_PROBLEMS[code];
  return words === undefined ? `it is not trusted (${code})` : `${words} (${code})`;
}

/** An error of a TLS handshake as Node gives it. */
export interface TlsError {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly message: string;
}

/** Why a handshake with `peer` failed, if TLS itself was the reason. */
export function handshakeProblem(
  { code = "", reason = "", message }: TlsError,
  peer: string,
): string | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `certificate of ${peer} is for another name: ${names(message)}`;
  if (code in CHAIN_PROBLEMS) return `certificate of ${peer}: ${chainProblem(code)}`;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG")
    return `${peer} does not speak TLS`;
  if (/^ERR_SSL_.*ALERT/.test(code)) return `${peer} refused the TLS handshake: ${inWords(code)}`;
  if (code.startsWith("ERR_SSL_")) return `TLS handshake with ${peer} failed: ${inWords(code)}`;
  if (code === "EPROTO")
    return `TLS handshake with ${peer} failed: ${reason === "" ? "protocol error" : reason}`;
  return undefined;
}

function inWords(code: string): string {
  return code
    .replace(/^ERR_SSL_(TLSV1_|SSLV3_|TLSV13_)?(ALERT_)?/, "")
    .toLowerCase()
    .replaceAll("_", " ");
}

/** The end of Node's own sentence says what the certificate is for. */
function names(message: string): string {
  return message.replace(/^Hostname\/IP does not match certificate's altnames: /, "");
}
