/** Real seconds, where tenths matter: "0.2 s", "75.3 s" is "1 min 15 s". */
export function elapsed(seconds: number): string {
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : simulated(seconds);
}

/** Seconds of a run's own clock, of which the two largest units say enough: "8 s", "4 min 10 s", "2 h 5 min". */
export function simulated(seconds: number): string {
  const whole = Math.round(Math.max(seconds, 0));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** A retry's delay, exact as the state machine counts it: "2 s", "0.5 s", "90 s". */
export function delay(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** How long something has lasted, in two units at most, without seconds beyond a minute: "45 s", "2 h 5 min", "14 d 2 h". */
export function lasting(milliseconds: number): string {
  const seconds = Math.floor(Math.max(milliseconds, 0) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? two(hours, "h", minutes % 60, "min")
    : two(Math.floor(hours / 24), "d", hours % 24, "h");
}
