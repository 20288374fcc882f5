import type { Clock } from "#platform";
import { AnswerLostError, QuotaUsedUpError, SendInDoubtError, SendingTooFastError } from "./failures.ts";
import { NoticeSchema } from "./notice.ts";
import { linesAt, linesFrom, type NoticeLine } from "./notice-lines.ts";
import { counted, DOUBTS_OPEN, NOTHING_SENT, type Progress, passed, settled } from "./notices-progress.ts";
import { pacedSender } from "./paced-sender.ts";
import type { MailQuota, NoticeShelf } from "./ports.ts";
import { type NoticeDesk, type NoticeEnd, sendNotice } from "./send-notice.ts";

/** Time for one call, well below the function's 90 s: what is begun by then is brought to its end. */
export const BUDGET_SECONDS = 60;

/** Until the next call: when time was up, when mails are in doubt, and when the day's quota is used up. */
const WAIT_SECONDS = { "time is up": 1, doubt: 60, quota: 3600 };

/** Why a call stops before the last notice. */
type Stop = keyof typeof WAIT_SECONDS;

/** How a line ended, as far as it did. */
type Handled = { readonly end: NoticeEnd } | { readonly inDoubt: true } | { readonly stop: Stop };

/** Where a call stands, and how long to wait before the next one carries on from there. */
export interface SendNoticesResult {
  readonly done: boolean;
  readonly waitSeconds: number;
  readonly sofar: Progress;
}

/**
 * Sends the notices in the files below a prefix, in their order and as fast as SES allows, until all are sent, time is
 * up or the day's quota is. A mail in doubt holds up no other: later calls come back to it. Safe to begin anew at any
 * point, since the ledger knows what went out.
 * @throws what neither is a notice's own fault nor will pass within the call, such as SenderRefusedError
 */
export async function sendNotices(
  prefix: string,
  sofar: Progress | undefined,
  desk: NoticeDesk & { readonly quota: MailQuota; readonly shelf: NoticeShelf },
  clock: Clock,
): Promise<SendNoticesResult> {
  const { shelf, quota, ports } = desk;
  const until = clock.now().getTime() + BUDGET_SECONDS * 1000;
  const sender = pacedSender(ports.sender, await quota.allowance(), clock);
  const handle = handler({ ...desk, ports: { ...ports, sender } }, until, clock);

  let progress = sofar ?? NOTHING_SENT;
  const stopped = (why: Stop) => ({ done: false, waitSeconds: WAIT_SECONDS[why], sofar: progress });
  for await (const line of linesAt(shelf, progress.open)) {
    const handled = await handle(line);
    if ("stop" in handled) return stopped(handled.stop);
    if ("end" in handled) progress = counted(settled(progress, line.place), handled.end);
  }
  for await (const line of linesFrom(shelf, prefix, progress.cursor)) {
    if (progress.open.length >= DOUBTS_OPEN) return stopped("doubt");
    const handled = await handle(line);
    if ("stop" in handled) return stopped(handled.stop);
    progress = passed(progress, line.place, "inDoubt" in handled);
    if ("end" in handled) progress = counted(progress, handled.end);
  }
  if (progress.open.length > 0) return stopped("doubt");
  return { done: true, waitSeconds: WAIT_SECONDS["time is up"], sofar: progress };
}

/** Sends the notice of a line, as often as SES asks for patience. */
function handler(desk: NoticeDesk, untilMilliseconds: number, clock: Clock) {
  const handle = async ({ place, text }: NoticeLine): Promise<Handled> => {
    if (clock.now().getTime() >= untilMilliseconds) return { stop: "time is up" };
    const notice = NoticeSchema.safeParse(parseJson(text));
    if (!notice.success) return { end: { refused: `${place.key}, line ${place.line + 1}: no notice` } };
    try {
      return { end: await sendNotice(notice.data, clock.now(), desk) };
    } catch (error) {
      if (error instanceof QuotaUsedUpError) return { stop: "quota" };
      if (error instanceof SendInDoubtError || error instanceof AnswerLostError) return { inDoubt: true };
      if (!(error instanceof SendingTooFastError)) throw error;
    }
    await clock.sleep(1000);
    return await handle({ place, text });
  };
  return handle;
}

/** Undefined when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
