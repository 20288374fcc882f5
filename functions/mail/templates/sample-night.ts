/*
 * A night report's facts for previews and golden files: made up, but sums and charges are those of the shipped tariff.
 */

/** Day, accounts, revenue in attodollars. */
const NIGHTS: readonly (readonly [day: string, accounts: number, revenue: string])[] = [
  ["2026-10-24", 1178, "81422176330777976916"],
  ["2026-10-25", 1178, "80016374972639304584"],
  ["2026-10-26", 1178, "86418465677747603916"],
  ["2026-10-27", 1180, "86327016392785498668"],
  ["2026-10-28", 1184, "80813412281023307896"],
  ["2026-10-29", 1184, "81598904339787000696"],
  ["2026-10-30", 1185, "84762334645579194104"],
  ["2026-10-31", 1185, "81471336434714919092"],
  ["2026-11-01", 1186, "82192513833778113370"],
  ["2026-11-02", 1188, "86032582139038370247"],
  ["2026-11-03", 1191, "89754272213130273661"],
  ["2026-11-04", 1194, "87922923723419394396"],
  ["2026-11-05", 1156, "89614911497879999809"],
  ["2026-11-06", 1158, "87261372309274005580"],
  ["2026-11-07", 1157, "91054738248381548977"],
  ["2026-11-08", 1158, "83957955465991573671"],
  ["2026-11-09", 1157, "82765386497567634490"],
  ["2026-11-10", 1159, "97763027196733162757"],
  ["2026-11-11", 1160, "93051137076346937178"],
  ["2026-11-12", 1161, "86063261693486966981"],
  ["2026-11-13", 1161, "82779375647472889366"],
  ["2026-11-14", 1161, "86981465006646229707"],
  ["2026-11-15", 1163, "94129115036036617497"],
  ["2026-11-16", 1166, "86810369623998728702"],
  ["2026-11-17", 1169, "89832082423762402169"],
  ["2026-11-18", 1173, "93395608273318803992"],
  ["2026-11-19", 1173, "86102461074675325463"],
  ["2026-11-20", 1175, "91783414064048196334"],
  ["2026-11-21", 1176, "84383156397580563689"],
  ["2026-11-22", 1176, "95943316195616980729"],
];

const HISTORY = NIGHTS.map(([day, accounts, revenue]) => ({ day, accounts, revenue }));

/** A night without anything to remark. */
export const CLOSED_NIGHT = {
  day: "2026-11-22",
  state: "closed",
  reasons: [],
  approve: null,
  accounts: 1176,
  revenue: "95943316195616980729",
  storage: "79566447299116980729",
  bandwidth: "16376868896500000000",
  storedBytes: "9547974057813",
  bytesIn: "55630932376",
  bytesOut: "9876543210",
  low: 17,
  suspended: 6,
  deletable: ["olga-archive", "a1017"],
  unbilled: ["a0042: parked", "nobody@example.net: unknown"],
  unbilledCount: 2,
  previous: { day: "2026-11-21", accounts: 1176, revenue: "84383156397580563689" },
  largest: [
    { account: "newsroom", before: "1250000000000000000", now: "3912345678901234567" },
    { account: "kim@example.net", before: "901234567890123456", now: "1" },
    { account: "a0007", before: "333333333333333333", now: "416666666666666666" },
  ],
  history: HISTORY,
  mail: {
    sent: 23,
    already: 1,
    suppressed: 2,
    refused: ["a0815@example.net: Address is not verified"],
    refusedMore: 0,
  },
};

const NOTHING_CHARGED = {
  accounts: 0,
  revenue: "0",
  storage: "0",
  bandwidth: "0",
  storedBytes: "0",
  bytesIn: "0",
  bytesOut: "0",
  low: 0,
  suspended: 0,
  deletable: [],
  unbilled: [],
  unbilledCount: 0,
  largest: [],
  mail: null,
};

/** A night that somebody has to look at before anybody is charged. */
export const HELD_NIGHT = {
  ...CLOSED_NIGHT,
  ...NOTHING_CHARGED,
  state: "held",
  reasons: ["$191.25 in all, after $84.383156397580563689 the day before: more than 25 % apart"],
  approve: "nightshift billing approve 2026-11-22",
  history: HISTORY.slice(0, -1),
};

/** A night of which one part was damaged. */
export const PARTIAL_NIGHT = {
  ...CLOSED_NIGHT,
  ...{ state: "partial", reasons: ["part 3 was not billed: PartDamagedError"], deletable: [], unbilled: [] },
  ...{ unbilledCount: 0, accounts: 934, low: 11, suspended: 4, largest: [] },
  ...{ revenue: "66000000000000000003", storage: "54000000000000000001", bandwidth: "12000000000000000002" },
  ...{ storedBytes: "6480000259200", bytesIn: "40000000000", bytesOut: "8000000000" },
  history: HISTORY.slice(0, -1),
};

/** A night that came to nothing. */
export const FAILED_NIGHT = {
  ...CLOSED_NIGHT,
  ...NOTHING_CHARGED,
  ...{ state: "failed", previous: null, history: [] },
  reasons: ["UsageMissingError: usage/2026-11-22/manifest.json is not there: the day cannot be billed yet"],
};
