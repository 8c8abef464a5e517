/** An instant in the reader's own time zone, to the second: `2026-03-01 14:05:09`. One that no clock shows stays as it is. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}

/** The same for each instant of the worker's in a sentence: what its reader gave has no milliseconds. */
export function withLocalInstants(text: string): string {
  return text.replace(/(?<![\w'"])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?![\w'"])/g, localTime);
}

/** The same for each line that begins with an instant of the worker's. */
export function withLocalTimes(text: string): string {
  return text.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?= )/gm, localTime);
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** Seconds as `2 h`, `1 h 30 min` or `0.5 s`. */
export function lengthOfTime(seconds: number): string {
  let left = seconds;
  const parts = UNITS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  if (left > 0 || parts.length === 0) parts.push(`${Number(left.toFixed(3))} s`);
  return parts.join(" ");
}
