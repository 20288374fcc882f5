import { SpipedProtocolError } from "./failures.ts";

/**
 * The number of the next packet of one direction: from 0 on, 64 bits, never sent. In two halves, since a float counts
 * to 2^53 only and a BigInt costs an allocation at every step.
 */
export class PacketNumber {
  /** The upper and lower 32 bits. */
  high = 0;
  low = 0;

  /** Goes on to the next packet. A direction ends before a number comes again (SpipedProtocolError). */
  advance(): void {
    this.low = (this.low + 1) >>> 0;
    if (this.low !== 0) return;
    this.high = (this.high + 1) >>> 0;
    if (this.high === 0) throw new SpipedProtocolError("a direction has no more than 2^64 packets");
  }

  /** Goes to this number. For tests; a connection counts from 0. */
  moveTo(number: bigint): void {
    this.high = Number(number >> 32n);
    this.low = Number(number & 0xffff_ffffn);
  }
}
