import { CreateConfigurationSetCommand, SendRawEmailCommand } from "@aws-sdk/client-ses";
import type { AcceptedMail } from "../../../../local/cloud/contract.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

/** What an event of SES says, as far as it is the same for all of them. */
export interface Detail {
  readonly eventType: string;
  readonly mail: Record<string, unknown> & { readonly messageId: string };
  readonly [facts: string]: unknown;
}

export interface Told {
  /** As in "Email Sent". */
  readonly type: string;
  readonly event: object;
  readonly detail: Detail;
}

/** The headers of every mail of a correspondence. */
export const HEAD: readonly string[] = [
  "From: Night <night@example.org>",
  "To: list@example.org",
  "Subject: hi",
  "Message-ID: <ours@example.org>",
];

/** An account outside of the sandbox that sends mail and hears what became of it. */
export interface Correspondence {
  readonly account: RehearsedAccount;
  /** Sends to these recipients; resolves to SES's id. */
  send(
    recipients: string | string[],
    options?: { region?: string; headers?: string[]; body?: string },
  ): Promise<string>;
  /** What SES tells of a message. */
  told(messageId: string): Told[];
  typesOf(messageId: string): string[];
  mailOf(messageId: string): AcceptedMail | undefined;
}

/** Opens one, with `night@example.org` verified and the configuration set `nightshift-test` in us-east-1. */
export async function openCorrespondence(): Promise<Correspondence> {
  const account = await openRehearsedAccount({
    ses: { sandbox: false, mailsPerDay: 50_000, mailsPerSecond: 1000 },
  });
  account.cloud.verifyIdentity("night@example.org");
  const ConfigurationSet = { Name: "nightshift-test" };
  await account.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet }));
  const told = (messageId: string) =>
    account.cloud
      .mailEvents()
      .map(({ event }) => ({ type: event["detail-type"], event, detail: event.detail as Detail }))
      .filter(({ detail }) => detail.mail.messageId === messageId);
  return {
    account,
    send: async (recipients, { region = "us-east-1", headers = [], body = "text" } = {}) => {
      const command = new SendRawEmailCommand({
        RawMessage: { Data: Buffer.from([...HEAD, ...headers, "", body, ""].join("\r\n")) },
        Destinations: [recipients].flat(),
        Tags: [{ Name: "nightshift-send", Value: "key" }],
        ...(region === "us-east-1" ? { ConfigurationSetName: ConfigurationSet.Name } : {}),
      });
      return (await account.in(region).ses.send(command)).MessageId ?? "";
    },
    told,
    typesOf: (messageId) => told(messageId).map(({ type }) => type),
    mailOf: (messageId) => account.cloud.mails().find((one) => one.messageId === messageId),
  };
}
