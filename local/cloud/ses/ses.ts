import { AwsError } from "../aws-error.ts";
import { type Params, requiredText, structure, text, texts } from "../form.ts";
import type { ServiceModel } from "../service-model.ts";
import { Repeated, type Xml } from "../xml.ts";
import type { Mailbox } from "./mailbox.ts";
import { sendEmail, sendRawEmail } from "./send-mail.ts";
import { sendStatistics } from "./statistics.ts";

type Operation = (mailbox: Mailbox, region: string, params: Params) => Xml | Promise<Xml>;

/** What it can be asked. */
export const SES_OPERATIONS: Readonly<Record<string, Operation>> = {
  SendRawEmail: sendRawEmail,
  SendEmail: sendEmail,
  GetSendQuota: (mailbox, region) => ({
    Max24HourSend: mailbox.access.mailsPerDay,
    MaxSendRate: mailbox.access.mailsPerSecond,
    SentLast24Hours: mailbox.sentLastDay(region),
  }),
  GetSendStatistics: sendStatistics,
  VerifyEmailIdentity: verifyEmailIdentity,
  ListIdentities: listIdentities,
  GetIdentityVerificationAttributes: verificationAttributes,
  CreateConfigurationSet: createConfigurationSet,
};

/** SES, version 1 of its API (query), in the sandbox unless it is told otherwise. */
export function sesModel(mailbox: Mailbox): ServiceModel {
  return {
    service: "ses",
    protocol: "query",
    namespace: "http://ses.amazonaws.com/doc/2010-12-01/",
    operations: Object.keys(SES_OPERATIONS),
    resourcesOf: ({ params }) =>
      [text(params, "Source") ?? [], text(params, "ConfigurationSetName") ?? []].flat(),
    carryOut: async ({ operation, region, params }) => ({
      kind: "xml",
      result: await SES_OPERATIONS[operation]?.(mailbox, region, params),
    }),
  };
}

// AWS mails a link to the address. Whoever rehearses has nobody to click it, so the identity counts as verified.
function verifyEmailIdentity(mailbox: Mailbox, _region: string, params: Params): Xml {
  mailbox.verify(requiredText(params, "EmailAddress"));
  return {};
}

function listIdentities(mailbox: Mailbox, _region: string, params: Params): Xml {
  const type = text(params, "IdentityType");
  const isWanted = (one: string) => type === undefined || (type === "EmailAddress") === one.includes("@");
  return { Identities: mailbox.identities().filter(isWanted) };
}

/** A map in the query protocol: entries with key and value. */
function verificationAttributes(mailbox: Mailbox, _region: string, params: Params): Xml {
  const known = texts(params, "Identities").filter((one) => mailbox.isVerified(one));
  const entries = known.map((key) => ({ key, value: { VerificationStatus: "Success" } }));
  return { VerificationAttributes: { entry: new Repeated(entries) } };
}

function createConfigurationSet(mailbox: Mailbox, _region: string, params: Params): Xml {
  const name = requiredText(structure(params, "ConfigurationSet"), "Name");
  if (mailbox.configurationSets.has(name)) {
    throw new AwsError("ConfigurationSetAlreadyExists", `Configuration set <${name}> already exists.`);
  }
  mailbox.configurationSets.add(name);
  return {};
}
