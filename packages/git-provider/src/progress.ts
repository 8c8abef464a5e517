import type { Progress, Report } from "@ws/workspace-core";

const LINE = /^(?:remote: )?([A-Z][a-z]+(?: [a-z]+)?): +(\d{1,3})% \(\d+\/\d+\)(?:, ([^|]+)(?:\| ([^,]+))?)?/;

/** Reads one line of git's progress; undefined where it is anything else. */
export function parseProgress(line: string): Progress | undefined {
  const match = LINE.exec(line);
  if (match?.[1] === undefined) return undefined;
  const speed = match[4]?.trim();
  const amount = match[3]?.trim().replace(/,? ?done\.?$/, "");
  const detail = [amount, speed].filter((part) => part !== undefined && part !== "").join(", ");
  return { message: detail === "" ? match[1] : `${match[1]} (${detail})`, percent: Number(match[2]) };
}

/** Hands git's progress on, once for each phase and percent. */
export function progressReporter(report: Report): (line: string) => void {
  let last = "";
  return (line) => {
    const progress = parseProgress(line);
    if (progress === undefined) return;
    const key = `${progress.message.split(" (")[0]} ${progress.percent}`;
    if (key === last) return;
    last = key;
    report(progress);
  };
}
