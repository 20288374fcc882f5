import {
  AnswerLostError,
  MailRefusedError,
  QuotaUsedUpError,
  SenderRefusedError,
  SendingTooFastError,
} from "../../../../functions/mail/failures.ts";
import type { MailSender } from "../../../../functions/mail/ports.ts";

/** How one call of SES goes. "lost" is the hard case: the mail is on its way, but the answer never came. */
export type Turn = "accept" | "refuse" | "refuse-sender" | "throttle" | "quota" | "forbid" | "break" | "lost";

export interface SentMail {
  readonly recipient: string;
  readonly key: string;
  readonly id: string;
  readonly from: string;
}

/** SES in memory: its calls go as `turns` says, then all are accepted. `mails` is what it accepted. */
export function fakeSender(...turns: Turn[]): MailSender & { readonly mails: SentMail[] } {
  const mails: SentMail[] = [];
  return {
    mails,
    send: async (message, recipient, key) => {
      const turn = turns.shift() ?? "accept";
      await new Promise(setImmediate); // so that two runs at once really are
      if (turn !== "accept" && turn !== "lost") throw ERRORS[turn]();
      const id = `ses-${mails.length + 1}`;
      mails.push({ recipient, key, id, from: message.from });
      if (turn === "lost") throw new AnswerLostError("socket hang up");
      return id;
    },
  };
}

const ERRORS: Record<Exclude<Turn, "accept" | "lost">, () => Error> = {
  refuse: () => new MailRefusedError("SES refused it"),
  "refuse-sender": () => new SenderRefusedError("SES does not know us"),
  throttle: () => new SendingTooFastError("Maximum sending rate exceeded."),
  quota: () => new QuotaUsedUpError("Daily message quota exceeded."),
  // As the AWS SDK makes it (smithy ServiceException).
  forbid: () => Object.assign(new Error("not allowed"), { name: "AccessDenied", $fault: "client" }),
  break: () => new AnswerLostError("InternalFailure"),
};
