import { OutsideUnreachableError } from "../failures.ts";
import type { Outside } from "../ports.ts";

/** Longer is not worth waiting: the next run comes within the minute. */
const PATIENCE_MILLISECONDS = 5_000;

/**
 * Somebody else's service, which notices when it is not fetched any more. Without a URL there is none.
 * @param patience  aborts when it has taken too long; default: after 5 s
 */
export function outsideUrl(
  url: string | undefined,
  patience = () => AbortSignal.timeout(PATIENCE_MILLISECONDS),
): Outside {
  return {
    tell: async () => {
      if (url === undefined) return;
      try {
        const answer = await fetch(url, { signal: patience(), redirect: "error" });
        await answer.body?.cancel();
        if (answer.ok) return;
        throw new Error(`it answered ${answer.status}`);
      } catch (error) {
        throw new OutsideUnreachableError(`monitor.outsideUrl could not be told: ${String(error)}`, {
          cause: error,
        });
      }
    },
  };
}
