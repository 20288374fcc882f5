import type { Place } from "./notices-progress.ts";
import type { NoticeShelf } from "./ports.ts";

/** A line of a file of notices, and where it stands. */
export interface NoticeLine {
  readonly place: Place;
  readonly text: string;
}

/** Every line below `prefix` from the cursor on, file by file in the order of their names. */
export async function* linesFrom(
  shelf: NoticeShelf,
  prefix: string,
  cursor: Place | null,
): AsyncGenerator<NoticeLine> {
  let keys: readonly string[] = cursor === null ? await shelf.list(prefix, undefined) : [cursor.key];
  while (keys.length > 0) {
    for (const key of keys) {
      const lines = await shelf.lines(key);
      const first = cursor?.key === key ? cursor.line : 0;
      for (const [index, text] of lines.slice(first).entries())
        yield { place: { key, line: first + index }, text };
    }
    keys = await shelf.list(prefix, keys.at(-1));
  }
}

/** The lines at these places. Neighbours mostly lie in one file, which is then read once. */
export async function* linesAt(shelf: NoticeShelf, places: readonly Place[]): AsyncGenerator<NoticeLine> {
  let file: { readonly key: string; readonly lines: readonly string[] } | undefined;
  for (const place of places) {
    if (file?.key !== place.key) file = { key: place.key, lines: await shelf.lines(place.key) };
    yield { place, text: file.lines[place.line] ?? "" };
  }
}
