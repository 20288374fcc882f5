import { z } from "#platform";

/** Refusals that are told one by one; the others are counted. Progress travels through a state machine (256 KB). */
export const REFUSALS_TOLD = 20;
/** Sends that may be in doubt at a time. More of them mean that SES is in trouble, and that one should wait. */
export const DOUBTS_OPEN = 50;
/** Of one reason. */
const REASON_CHARACTERS = 300;

const Count = z.number().int().min(0);
const PlaceSchema = z.object({ key: z.string().min(1), line: Count });

/** A line of a file of notices; the first is 0. */
export type Place = z.infer<typeof PlaceSchema>;

/** How far the sending of many notices has come. */
export const ProgressSchema = z.object({
  /** The line that comes next; null before the first. */
  cursor: PlaceSchema.nullable(),
  sent: Count,
  already: Count,
  suppressed: Count,
  refused: z.array(z.string()).max(REFUSALS_TOLD),
  /** Refusals beyond those that are told. */
  refusedMore: Count,
  /** Lines before the cursor whose mail is in doubt. */
  open: z.array(PlaceSchema).max(DOUBTS_OPEN),
});

export type Progress = z.infer<typeof ProgressSchema>;

/** Before the first notice. */
export const NOTHING_SENT: Progress = {
  cursor: null,
  sent: 0,
  already: 0,
  suppressed: 0,
  refused: [],
  refusedMore: 0,
  open: [],
};

type End = "sent" | "already" | "suppressed" | { readonly refused: string };

/** The progress with one more notice that has ended. */
export function counted(progress: Progress, end: End): Progress {
  if (typeof end === "string") return { ...progress, [end]: progress[end] + 1 };
  const { refused, refusedMore } = progress;
  if (refused.length >= REFUSALS_TOLD) return { ...progress, refusedMore: refusedMore + 1 };
  return { ...progress, refused: [...refused, end.refused.slice(0, REASON_CHARACTERS)] };
}

/** The progress once the line at a place is done with, or is in doubt and will be come back to. */
export function passed(progress: Progress, { key, line }: Place, isInDoubt: boolean): Progress {
  const open = isInDoubt ? [...progress.open, { key, line }] : progress.open;
  return { ...progress, cursor: { key, line: line + 1 }, open };
}

/** The progress without a doubt that was settled. */
export function settled(progress: Progress, place: Place): Progress {
  const open = progress.open.filter(({ key, line }) => key !== place.key || line !== place.line);
  return { ...progress, open };
}
