import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { batches } from "../../../layers/spiped/batches.ts";

const cut = (...texts: string[]) =>
  [
    ...batches(
      texts.map((text) => Buffer.from(text)),
      4,
    ),
  ].map((piece) => piece.toString());

it.each([
  { chunks: [], pieces: [], why: "nothing" },
  { chunks: [""], pieces: [], why: "nothing, said aloud: there are no empty packets" },
  { chunks: ["a", "b"], pieces: ["ab"], why: "small ones are joined" },
  { chunks: ["abcdefghi"], pieces: ["abcd", "efgh", "i"], why: "a large one is cut" },
  { chunks: ["ab", "cdef", "gh"], pieces: ["abcd", "efgh"], why: "both" },
  { chunks: ["abcd", "", "e"], pieces: ["abcd", "e"], why: "one that fits just so" },
])("$why", ({ chunks, pieces }) => {
  expect(cut(...chunks)).toEqual(pieces);
});

it("nothing is lost, added or moved", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{0,9}$/)), (texts) => {
      expect(cut(...texts).join("")).toBe(texts.join(""));
    }),
    { examples: [[["plain", "text"]]] },
  );
});
