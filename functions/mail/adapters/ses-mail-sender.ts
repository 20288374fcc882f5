import { SESClient, SendRawEmailCommand } from "@aws-sdk/client-ses";
import { clientSettings, type Settings } from "#platform";
import {
  AnswerLostError,
  MailRefusedError,
  QuotaUsedUpError,
  SenderRefusedError,
  SendingTooFastError,
} from "../failures.ts";
import { configurationSetName, type Message, SEND_TAG } from "../message.ts";
import type { MailSender } from "../ports.ts";
import { composeMail } from "./compose-mail.ts";

/** Mail through SES v1 `SendRawEmail`, one recipient per call. */
export function sesMailSender(settings: Settings): MailSender {
  const client = new SESClient(clientSettings(settings));
  return {
    send: async (message, recipient, key) => {
      const raw = await composeMail(message, recipient, key);
      try {
        const sent = await client.send(
          new SendRawEmailCommand({
            Source: message.from,
            Destinations: [recipient],
            RawMessage: { Data: raw },
            ConfigurationSetName: configurationSetName(settings.stage),
            Tags: [{ Name: SEND_TAG, Value: key }],
          }),
        );
        return sent.MessageId ?? "";
      } catch (error) {
        throw error instanceof Error ? meaningOf(error, message) : error;
      }
    },
  };
}

/** What an error of SendRawEmail means for the mail (SES API, SendRawEmail, Errors, and "Common errors"). */
function meaningOf(error: Error, { id, from }: Message): Error {
  const because = { cause: error };
  switch (error.name) {
    case "MessageRejected": // "Email address is not verified. The following identities failed the check …: a, b"
      return error.message
        .toLowerCase()
        .split(/[\s,]+/)
        .includes(from.toLowerCase())
        ? new SenderRefusedError(`SES does not take mail from ${from}: ${error.message}`, because)
        : new MailRefusedError(`SES refused ${id}: ${error.message}`, because);
    case "InvalidParameterValue":
      return new MailRefusedError(`SES refused ${id}: ${error.message}`, because);
    case "MailFromDomainNotVerifiedException":
      return new SenderRefusedError(`SES does not take mail from ${from}: ${error.message}`, because);
    case "Throttling": // "Maximum sending rate exceeded." or "Daily message quota exceeded."
      return /daily/i.test(error.message)
        ? new QuotaUsedUpError(error.message, because)
        : new SendingTooFastError(error.message, because);
    default:
      return isAnswer(error) ? error : new AnswerLostError(`${error.name}: ${error.message}`, because);
  }
}

/** Whether SES said that the request was at fault, so that the mail certainly was not accepted. */
function isAnswer(error: Error): boolean {
  return "$fault" in error && error.$fault === "client";
}
