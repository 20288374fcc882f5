import { SESClient, SendRawEmailCommand } from "@aws-sdk/client-ses";
import MailComposer from "nodemailer/lib/mail-composer";
import { clientSettings, type Settings } from "#platform";
import { MailRefusedError } from "../failures.ts";
import type { MailSender } from "../ports.ts";

/** Errors of SendRawEmail that another try cannot help (SES API, SendRawEmail, Errors). */
const FOR_GOOD = ["MessageRejected", "MailFromDomainNotVerifiedException", "InvalidParameterValue"];

/** Mail through SES v1 `SendRawEmail`, one recipient per call. */
export function sesMailSender(settings: Settings): MailSender {
  const client = new SESClient(clientSettings(settings));
  return {
    send: async (message, recipient, key) => {
      const raw = await compose({
        from: message.from,
        to: recipient,
        subject: message.subject,
        text: message.text,
        // RFC 3834: a machine wrote this, so no machine should answer it.
        headers: { "Auto-Submitted": "auto-generated", "X-Nightshift-Message": message.id },
      });
      try {
        const sent = await client.send(
          new SendRawEmailCommand({
            Source: message.from,
            Destinations: [recipient],
            RawMessage: { Data: raw },
            ConfigurationSetName: configurationSetName(settings.stage),
            Tags: [{ Name: "nightshift-send", Value: key }],
          }),
        );
        return sent.MessageId ?? "";
      } catch (error) {
        if (!(error instanceof Error) || !FOR_GOOD.includes(error.name)) throw error;
        throw new MailRefusedError(`SES refused ${message.id}: ${error.message}`, { cause: error });
      }
    },
  };
}

/** The SES configuration set whose events tell what became of a mail. */
export function configurationSetName(stage: string): string {
  return `nightshift-${stage}`;
}

function compose(mail: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> {
  return new MailComposer(mail).compile().build();
}
