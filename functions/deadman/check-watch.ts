import { NothingWatchedError, WatchStoppedError } from "./failures.ts";
import type { WatchBoard } from "./ports.ts";

/**
 * How old the monitor's last run may be. It runs every minute; three may fail, and the clocks of two regions may differ,
 * before somebody is to get up.
 */
export const OLDEST_MINUTES = 5;

/**
 * Looks whether the watch still watches. That it does not is a failure, whose alarm goes to the home region's topic: it
 * needs neither the watch region nor Twilio.
 * @throws WatchStoppedError, NothingWatchedError; whatever keeps the board from being read is as good as its silence
 */
export async function checkWatch(
  time: Date,
  isMonitored: boolean,
  board: WatchBoard,
): Promise<{ readonly lastRun: string; readonly ageSeconds: number } | { readonly lastRun: "none wanted" }> {
  if (!isMonitored) return { lastRun: "none wanted" };
  const lastRun = await board.lastRun();
  if (lastRun === undefined)
    throw new NothingWatchedError("the monitor never ran: is the watch region's stack deployed?");
  const ageSeconds = Math.round((time.getTime() - lastRun.getTime()) / 1000);
  if (ageSeconds > OLDEST_MINUTES * 60)
    throw new WatchStoppedError(
      `the monitor's last run was at ${lastRun.toISOString()}, ${Math.round(ageSeconds / 60)} minutes ago: nothing is watched`,
    );
  return { lastRun: lastRun.toISOString(), ageSeconds };
}
