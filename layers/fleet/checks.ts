import { z } from "#platform";
import { SocketAddress } from "./field-types.ts";
import { SshPublicKey } from "./ssh-public-key.ts";

/*
 * What can be watched, a kind each. Every check ends as GOOD, FAILED or TIMED OUT; what the kinds mean is the monitor's
 * affair (functions/monitor).
 */

/** Names of checks become parts of addresses (heartbeats) and of storage keys. */
export const CheckName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, "expected a check's name: lower-case letters, digits and -, 30 at most");

const Minutes = z.number().int("expected whole minutes").min(1).max(1440);

const KeyParameter = z
  .string()
  .regex(
    /^\/nightshift\/pipes(\/[A-Za-z0-9_.-]+)+$/,
    "expected the name of an SSM parameter below /nightshift/pipes, for example /nightshift/pipes/SSH",
  )
  .meta({ description: "SSM SecureString of the watch region that holds the pipe's key, in base64" });

const WebUrl = z
  .string()
  .regex(/^https?:\/\/[^\s"<>]+$/, "expected an address that begins with http:// or https://")
  .refine((text) => URL.canParse(text), "expected an address of a page, for example https://example.org/");

/** A user of the host: ec2-user is one (passwd(5); pw(8) takes 32 characters). */
const UserName = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}$/, "expected a user's name: lower-case letters, digits, _, . and -");

const Pattern = z
  .string()
  .max(200)
  .refine(isPattern, "expected a regular expression")
  .meta({ description: "Regular expression (ECMAScript)" });

/** What all kinds share. */
const common = {
  title: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .meta({ description: "What people call it, on the status page and in calls; default: the name" }),
  everyMinutes: z
    .literal([1, 2, 5, 10, 15, 30, 60])
    .default(1)
    .meta({ description: "How often it is measured" }),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(20, "expected 20 seconds or less: a run has a minute for everything")
    .default(10)
    .meta({ description: "How long an answer may take" }),
  failuresBeforeAlarm: z
    .int()
    .min(1)
    .max(60)
    .default(3)
    .meta({ description: "Failures in a row that are an alarm" }),
  successesBeforeRecovery: z
    .int()
    .min(1)
    .max(60)
    .default(2)
    .meta({ description: "Successes in a row that end an alarm" }),
  critical: z.boolean().default(true).meta({ description: "Wakes people in their quiet hours" }),
  parent: CheckName.optional().meta({
    description: "While this other check fails, this one raises no alarm",
  }),
  northStar: z
    .boolean()
    .default(false)
    .meta({ description: "Far away and never down: when all of these fail, the monitor itself is impaired" }),
  public: z.boolean().default(true).meta({ description: "Stands on the status page" }),
};

function kind<Name extends string, Shape extends z.core.$ZodShape>(
  name: Name,
  description: string,
  shape: Shape,
) {
  return z.strictObject({ kind: z.literal(name), ...common, ...shape }).meta({ description });
}

const address = SocketAddress.meta({ description: "host:port" });
const banner = Pattern.optional().meta({ description: "Pattern that the first line must match" });

/** One thing to watch. */
export const CheckSchema = z.discriminatedUnion("kind", [
  kind("tcp", "A connection is accepted, and greeted if `expect` says so", { address, expect: banner }),
  kind(
    "ping",
    "The host is alive: an answer of any kind to a connection, a refusal included (Lambda has no ICMP)",
    {
      address,
    },
  ),
  kind("http", "A page", {
    url: WebUrl,
    status: z
      .array(z.int().min(100).max(599))
      .min(1)
      .default([200])
      .meta({ description: "Good status codes" }),
    contains: z.string().min(1).max(200).optional().meta({ description: "Text that the body must contain" }),
    matches: Pattern.optional().meta({ description: "Pattern that the body must match" }),
    redirectsTo: WebUrl.optional().meta({ description: "The redirect that is expected instead of a page" }),
    slowMilliseconds: z
      .int()
      .min(1)
      .max(20_000)
      .optional()
      .meta({ description: "A slower answer is a failure" }),
  }),
  kind("tls", "A certificate: valid, for this name, and not near its end", {
    address,
    name: z.string().optional().meta({ description: "The name it must be for; default: the address's host" }),
    remainingFraction: z.number().min(0.01).max(0.9).default(0.25).meta({
      description: "Fails when less than this part of the certificate's own lifetime is left",
    }),
  }),
  kind("dns", "A name resolves", {
    name: z.string().min(1).max(253).meta({ description: "The name to ask for" }),
    type: z.enum(["A", "AAAA", "MX", "TXT", "NS", "CNAME"]).default("A").meta({ description: "Record type" }),
    server: SocketAddress.optional().meta({
      description: "Name server to ask, host:port; default: the resolver",
    }),
    expect: z
      .array(z.string())
      .min(1)
      .optional()
      .meta({ description: "Answers that must be among those given" }),
  }),
  kind("smtp", "A mail server, on 587 or 465, or through spiped (Lambda reaches no port 25)", {
    address,
    security: z
      .enum(["starttls", "tls", "spiped", "none"])
      .default("starttls")
      .meta({ description: "How the connection is protected" }),
    keyParameter: KeyParameter.optional(),
    name: z.string().optional().meta({ description: "Name on its certificate; default: the address's host" }),
  }),
  kind("spiped", "A pipe: its greeting, or with a key a whole authenticated handshake", {
    address,
    keyParameter: KeyParameter.optional(),
    expect: banner,
  }),
  kind("ssh", "sshd behind a pipe", { address, keyParameter: KeyParameter }),
  kind("backup", "A canary is backed up on a host and read back, by a command over SSH through a pipe", {
    address,
    keyParameter: KeyParameter,
    user: UserName.default("nightshift").meta({ description: "User on the host" }),
    command: z
      .string()
      .min(1)
      .max(500)
      .default("nightshift-canary")
      .meta({ description: "Command that makes and reads back a canary, and ends with status 0" }),
    hostKey: SshPublicKey.meta({ description: "The host's public key, as in known_hosts: type and base64" }),
    sshKeyParameter: z
      .string()
      .regex(/^\/nightshift\/ssh(\/[A-Za-z0-9_.-]+)+$/, "expected an SSM parameter below /nightshift/ssh")
      .meta({ description: "SSM SecureString of the watch region with the private key" }),
  }),
  kind("heartbeat", "A job or host that reports in by itself", {
    withinMinutes: z
      .int("expected whole minutes")
      .min(1)
      .max(60 * 24 * 40, "expected 57600 minutes, which are 40 days, or less")
      .meta({ description: "It must report success at least so often" }),
    graceMinutes: Minutes.default(5).meta({ description: "How late it may be" }),
    runMinutes: Minutes.default(60).meta({ description: "How long after its start it may take" }),
  }),
  kind("twilio", "Twilio answers, knows us, and has been paid: an account that is used up tells nobody", {
    minimumDollars: z
      .number()
      .min(0)
      .max(10_000)
      .default(5)
      .meta({ description: "The prepaid balance below which it fails" }),
  }),
  kind("execution", "A process of nightshift's own that must have succeeded lately", {
    machine: z
      .string()
      .regex(/^[a-z]+(-[a-z]+)+$/, "expected the name of a state machine, for example billing-nightly")
      .meta({ description: "State machine, for example billing-nightly" }),
    withinHours: z
      .int()
      .min(1)
      .max(24 * 40)
      .meta({ description: "Its last success may be so old" }),
  }),
]);

export type Check = z.infer<typeof CheckSchema>;
export type CheckKind = Check["kind"];
export type CheckOf<Kind extends CheckKind> = Extract<Check, { kind: Kind }>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
