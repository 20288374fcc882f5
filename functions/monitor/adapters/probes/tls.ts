import { isIP } from "node:net";
import { splitAddress } from "#fleet";
import { failed } from "../../findings/finding.ts";
import { judgeCertificate } from "../../findings/tls-finding.ts";
import type { Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { secureConnection } from "./secure.ts";

/** A certificate, as a server shows it to somebody who asks for its name. */
export const probeTls: Probe<"tls"> = async (check, { now }, attempt) => {
  const name = check.name ?? splitAddress(check.address).host;
  const { socket, peer } = await openConnection(check.address, attempt);
  const secured = await secureConnection(socket, { name, peer, isVerified: false }, attempt);
  const certificate = secured.getPeerX509Certificate();
  if (certificate === undefined) return failed(`${peer} showed no certificate`);
  const matched = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  const code = codeOf(secured.authorizationError);
  const facts = {
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    // Node says only one thing that is wrong: the name, when the chain is good.
    chainProblem: code === "ERR_TLS_CERT_ALTNAME_INVALID" ? undefined : code,
    isForName: matched !== undefined,
    names: certificate.subjectAltName,
    protocol: secured.getProtocol() ?? undefined,
  };
  return judgeCertificate(facts, { name, remainingFraction: check.remainingFraction }, now);
};

/** Node's typings say Error; what is there is OpenSSL's code as a string. */
function codeOf(error: Error | string | null | undefined): string | undefined {
  if (error === null || error === undefined) return undefined;
  return typeof error === "string" ? error : ((error as NodeJS.ErrnoException).code ?? error.message);
}
