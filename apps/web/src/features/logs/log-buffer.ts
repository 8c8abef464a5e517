export interface LogBuffer {
  append(text: string): void;
  clear(): void;
  /** Everything kept, the unfinished last line included. */
  text(): string;
  readonly dropped: boolean;
}

/** The newest lines of a log as plain text: colours and cursor movements are taken out, a rewritten line is one line. */
export function createLogBuffer(maxLines: number): LogBuffer {
  let lines: string[] = [];
  let open = "";
  let dropped = false;
  return {
    append(text) {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      lines.push(...parts.map(clean));
      if (lines.length > maxLines) {
        lines = lines.slice(-maxLines);
        dropped = true;
      }
    },
    clear() {
      lines = [];
      open = "";
      dropped = false;
    },
    text: () => [...lines, clean(open)].join("\n"),
    get dropped() {
      return dropped;
    },
  };
}

// Control sequences are what this is about.
// oxlint-disable no-control-regex
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
// oxlint-enable no-control-regex

function clean(line: string): string {
  return lastForm(line).replace(SEQUENCES, "").replace(CONTROLS, "").replace(INSTANT, inLocalTime);
}

/** Of a line that was rewritten in place, as a progress bar is, what stood there last. */
function lastForm(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

/** A program may print what no clock shows, such as a leap second. */
function inLocalTime(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : localTime.format(at);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?= )/;
/** The Swedish form is that of the command line: `2026-03-01 14:05:09`. */
const localTime = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" });
