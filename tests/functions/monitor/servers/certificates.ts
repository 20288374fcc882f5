import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/*
 * Certificates for tests, written in DER (X.690; RFC 5280): Node reads certificates and makes none. Keys are of P-256,
 * signatures ecdsa-with-SHA256.
 */

/** What a certificate is to say. */
export interface CertificateRequest {
  readonly names?: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

/** A certificate and its key, in PEM, as a TLS server takes them. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** Who issues certificates, and its own. */
export interface Authority {
  readonly cert: string;
  issue(request: CertificateRequest): Issued;
  /** An authority below this one, with a certificate of this one's. */
  intermediate(name: string): Authority;
}

const DAY = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid("06082a8648ce3d040302"));

/** An authority that signed itself. */
export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return authority(name, pair, certificateOf(name, pair.privateKey, name, pair.publicKey, authorityTerms()));
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(request: CertificateRequest): Issued {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = request.names?.[0] ?? "nobody";
  return {
    cert: certificateOf(name, pair.privateKey, name, pair.publicKey, request),
    key: pemOf(pair.privateKey),
  };
}

interface Terms extends CertificateRequest {
  readonly isAuthority?: boolean;
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function authority(name: string, { privateKey }: Pair, cert: string): Authority {
  return {
    cert,
    issue: (request) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const subject = request.names?.[0] ?? "nobody";
      return {
        cert: certificateOf(name, privateKey, subject, pair.publicKey, request),
        key: pemOf(pair.privateKey),
      };
    },
    intermediate: (below) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return authority(below, pair, certificateOf(name, privateKey, below, pair.publicKey, authorityTerms()));
    },
  };
}

function authorityTerms(): Terms {
  const now = Date.now();
  return { from: new Date(now - 1000 * DAY), to: new Date(now + 1000 * DAY), isAuthority: true };
}

let serial = 1000;

function certificateOf(
  issuer: string,
  key: KeyObject,
  subject: string,
  publicKey: KeyObject,
  terms: Terms,
): string {
  serial += 1;
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(timeOf(terms.from), timeOf(terms.to)),
    nameOf(subject),
    publicKey.export({ format: "der", type: "spki" }),
    tagged(0xa3, sequence(...extensionsOf(terms))),
  );
  const signature = sign("sha256", body, key);
  const whole = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** basicConstraints (2.5.29.19, critical) of authorities; subjectAltName (2.5.29.17) of the others. */
function extensionsOf({ isAuthority = false, names = [] }: Terms): Buffer[] {
  const isTrue = tagged(0x01, Buffer.from([0xff]));
  if (isAuthority) return [sequence(oid("0603551d13"), isTrue, tagged(0x04, sequence(isTrue)))];
  const general = names.map((name) =>
    /^[\d.]+$/.test(name)
      ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
      : tagged(0x82, Buffer.from(name)),
  );
  return [sequence(oid("0603551d11"), tagged(0x04, sequence(...general)))];
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("0603550403"), tagged(0x0c, Buffer.from(commonName)))));
}

/** UTCTime: until 2050. */
function timeOf(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/\D/g, "");
  return tagged(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  const bytes = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  if ((bytes[0] ?? 0) > 0x7f) bytes.unshift(0);
  return tagged(0x02, Buffer.from(bytes));
}

function oid(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pemOf(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}
