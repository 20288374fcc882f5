import type { Progress } from "../../../../functions/mail/notices-progress.ts";
import { recordOutcome } from "../../../../functions/mail/record-outcome.ts";
import { type SendNoticesResult, sendNotices } from "../../../../functions/mail/send-notices.ts";
import { type noticeDesk, PREFIX, paymentNotice } from "./notice-desk.ts";
import { sesEvent } from "./ses-events.ts";

/** Fakes, and what they saw. */
export type Scene = ReturnType<typeof noticeDesk>;

/** One call of the function. */
export const call = ({ desk, clock }: Scene, sofar?: Progress) => sendNotices(PREFIX, sofar, desk, clock);

/** Calls as the state machine does, waiting between, until all is done. */
export async function callUntilDone(scene: Scene, sofar?: Progress): Promise<SendNoticesResult[]> {
  const results = [await call(scene, sofar)];
  for (let last = results[0]; last !== undefined && !last.done; last = results.at(-1)) {
    if (results.length > 50) throw new Error("it never ends");
    await scene.clock.sleep(last.waitSeconds * 1000);
    results.push(await call(scene, JSON.parse(JSON.stringify(last.sofar))));
  }
  return results;
}

const accounts = (count: number) => Array.from({ length: count }, (_, at) => `a${at + 1}`);
/** Whom SES took mail for, in its order. */
export const recipients = ({ sender }: Scene) => sender.mails.map(({ recipient }) => recipient);
/** Of the first so many accounts. */
export const addresses = (count: number) => accounts(count).map((one) => `${one}@example.net`);
/** One for each of so many accounts. */
export const notices = (count: number) => accounts(count).map((one) => paymentNotice(one));

/** SES's "Send" event of every mail that it accepted. */
export async function tellAll({ sender, ledger, suppressions }: Scene): Promise<void> {
  for (const { key } of sender.mails)
    await recordOutcome("test", sesEvent("sent", { key }), { ledger, suppressions });
}
