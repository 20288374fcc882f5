/**
 * Joins small chunks and cuts large ones, so that each piece but the last has just `size` bytes. One piece at a time is made,
 * when it is asked for; what is large is not copied.
 */
export function* batches(chunks: readonly Buffer[], size: number): Generator<Buffer> {
  let gathered: Buffer[] = [];
  let room = size;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + room);
      gathered.push(piece);
      at += piece.length;
      room -= piece.length;
      if (room > 0) continue;
      yield joined(gathered);
      gathered = [];
      room = size;
    }
  }
  if (gathered.length > 0) yield joined(gathered);
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}
