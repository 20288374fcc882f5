import { type Board, EMPTY_BOARD } from "../../../../functions/monitor/board.ts";
import type { BoardStore } from "../../../../functions/monitor/ports.ts";

/** A board in memory. Like DynamoDB's it takes only the revision after the one that it holds, and hands out copies. */
export function fakeBoard(): BoardStore & { readonly writes: number } {
  let board = EMPTY_BOARD;
  let writes = 0;
  const copy = (one: Board): Board => structuredClone(one);
  return {
    get writes() {
      return writes;
    },
    read: async () => copy(board),
    replace: async (next) => {
      if (next.revision !== board.revision + 1) return false;
      board = copy(next);
      writes += 1;
      return true;
    },
  };
}
