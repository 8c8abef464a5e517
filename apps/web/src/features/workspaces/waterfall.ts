import type { WorkspaceInfo } from "@ws/rpc-contract";

type Step = WorkspaceInfo["startup"]["steps"][number];

export interface StepBar {
  step: Step;
  durationMs: number | undefined;
  /** Where the bar begins and how wide it is, as parts of the whole. */
  offset: number;
  width: number;
  /** After what time since the first began it did. */
  beginMs: number | undefined;
}

/** Every step with its place on the time line from the first beginning to the last end, or now. */
export function waterfall(steps: readonly Step[], now: number): StepBar[] {
  const spans = spansOf(steps, now);
  const { first, whole } = wholeOf(spans);
  return spans.map(({ step, begin, end }) =>
    begin === undefined || end === undefined
      ? { step, durationMs: undefined, offset: 0, width: 0, beginMs: undefined }
      : {
          step,
          durationMs: end - begin,
          offset: (begin - first) / whole,
          width: (end - begin) / whole,
          beginMs: begin - first,
        },
  );
}

export interface Startup {
  /** What is there already was started, and not made. */
  again: boolean;
  /** When it began, milliseconds since the epoch. */
  begin: number;
  durationMs: number;
  state: "running" | "done" | "failed";
  /** Which step took longest, where there are several and it is over. */
  longest: Step["id"] | undefined;
}

/** What a start comes to; undefined of one that has not begun. */
export function startupOf(steps: readonly Step[], now: number): Startup | undefined {
  const spans = spansOf(steps, now);
  const { first, whole, begun } = wholeOf(spans);
  if (begun === 0) return undefined;
  const failed = steps.some(({ status }) => status === "error");
  const isOver = steps.every(({ status }) => status === "done" || status === "skipped");
  const longest = spans.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  return {
    // Only of a workspace that is made is there a step that makes it.
    again: !steps.some(({ id }) => id === "create"),
    begin: first,
    durationMs: whole,
    state: failed ? "failed" : isOver ? "done" : "running",
    longest: isOver && begun > 1 && longest !== undefined && lengthOf(longest) > 0 ? longest.step.id : undefined,
  };
}

interface StepSpan {
  step: Step;
  begin: number | undefined;
  end: number | undefined;
}

function spansOf(steps: readonly Step[], now: number): StepSpan[] {
  return steps.map((step) => {
    const begin = step.startedAt === undefined ? undefined : Date.parse(step.startedAt);
    const end = step.endedAt === undefined ? (step.status === "running" ? now : begin) : Date.parse(step.endedAt);
    return { step, begin, end: begin === undefined || end === undefined ? begin : Math.max(begin, end) };
  });
}

function wholeOf(spans: readonly StepSpan[]): { first: number; whole: number; begun: number } {
  const begins = spans.flatMap(({ begin }) => (begin === undefined ? [] : [begin]));
  const first = Math.min(...begins);
  const whole = Math.max(1, ...spans.flatMap(({ end }) => (end === undefined ? [] : [end - first])));
  return { first, whole, begun: begins.length };
}

function lengthOf({ begin, end }: StepSpan): number {
  return begin === undefined || end === undefined ? 0 : end - begin;
}
