/** `4 GiB` as somebody would type it: `4G`; bytes of no round unit as their number. */
export function typedSize(count: number | undefined): string {
  if (count === undefined) return "";
  for (const [power, unit] of [
    [4, "T"],
    [3, "G"],
    [2, "M"],
    [1, "K"],
  ] as const) {
    const amount = count / 1024 ** power;
    if (amount >= 1 && Number.isInteger(amount * 100)) return `${amount}${unit}`;
  }
  return String(count);
}

/** `8h` for 28,800 seconds; seconds of no round unit as `90s`. */
export function typedDuration(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  for (const [length, unit] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "m"],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}
