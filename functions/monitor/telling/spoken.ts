/**
 * What a voice can read: digits one by one, points and hyphens by their names where they join, and nothing that is
 * read as markup or as silence.
 */
export function aloud(text: string): string {
  return text
    .replaceAll(/(?<=[\p{L}\d])\.(?=[\p{L}\d])/gu, " point ")
    .replaceAll(/(?<=[\p{L}\d])-(?=[\p{L}\d])/gu, " dash ")
    .replaceAll(/(?<=\p{L}|\.\d{1,3}| point \d{1,3}):(?=\d)|(?<=\d):(?=\d{3})/gu, " port ") // but not in "04:12"
    .replaceAll(/(?<=\d):(?=\d)/g, " ")
    .replaceAll(/[/_@]/g, (sign) => ` ${{ "/": "slash", _: "underscore", "@": "at" }[sign]} `)
    .replaceAll(/[<>[\]{}()|\\^~`*#"]/g, " ")
    .replaceAll(/\d(?=\d)/g, "$& ")
    .replaceAll(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** An hour and a minute as one says them: "4 oh 5", "16 hundred", "23 59". */
export function timeAloud(hour: number, minute: number): string {
  if (minute === 0) return `${hour} hundred`;
  return minute < 10 ? `${hour} oh ${minute}` : `${hour} ${minute}`;
}

/** So many minutes as one says them: "1 minute", "2 hours and 5 minutes", "3 days and 1 hour". */
export function durationAloud(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "hour"],
    [minutes % 60, "minute"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).slice(0, 2);
  if (said.length === 0) return "less than a minute";
  return said.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" and ");
}
