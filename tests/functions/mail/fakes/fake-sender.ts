import { MailRefusedError } from "../../../../functions/mail/failures.ts";
import type { MailSender } from "../../../../functions/mail/ports.ts";

/** How one call of SES goes. "lost" is the hard case: the mail is on its way, but the answer never came. */
export type Turn = "accept" | "refuse" | "throttle" | "break" | "lost";

/** SES in memory: its calls go as `turns` says, then all are accepted. `mails` is what it accepted. */
export function fakeSender(
  ...turns: Turn[]
): MailSender & { readonly mails: { recipient: string; key: string; id: string }[] } {
  const mails: { recipient: string; key: string; id: string }[] = [];
  return {
    mails,
    send: async (_message, recipient, key) => {
      const turn = turns.shift() ?? "accept";
      await new Promise(setImmediate); // so that two runs at once really are
      if (turn === "refuse") throw new MailRefusedError("SES refused it");
      if (turn === "throttle") throw serviceError("Throttling", "client");
      if (turn === "break") throw serviceError("InternalFailure", "server");
      const id = `ses-${mails.length + 1}`;
      mails.push({ recipient, key, id });
      if (turn === "lost") throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
      return id;
    },
  };
}

/** An exception as the AWS SDK makes it (smithy ServiceException). */
function serviceError(name: string, $fault: "client" | "server"): Error {
  return Object.assign(new Error(name), { name, $fault });
}
