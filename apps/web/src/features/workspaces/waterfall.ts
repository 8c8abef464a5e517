import type { WorkspaceInfo } from "@ws/rpc-contract";

type Step = WorkspaceInfo["startup"]["steps"][number];

export interface StepBar {
  step: Step;
  durationMs: number | undefined;
  /** Where the bar begins and how wide it is, as parts of the whole. */
  offset: number;
  width: number;
}

/** Every step with its place on the time line from the first beginning to the last end, or now. */
export function waterfall(steps: readonly Step[], now: number): StepBar[] {
  const spans = steps.map((step) => {
    const begin = step.startedAt === undefined ? undefined : Date.parse(step.startedAt);
    const end = step.endedAt === undefined ? (step.status === "running" ? now : begin) : Date.parse(step.endedAt);
    return { step, begin, end: begin === undefined || end === undefined ? begin : Math.max(begin, end) };
  });
  const begins = spans.flatMap(({ begin }) => (begin === undefined ? [] : [begin]));
  const first = Math.min(...begins);
  const whole = Math.max(1, ...spans.flatMap(({ end }) => (end === undefined ? [] : [end - first])));
  return spans.map(({ step, begin, end }) =>
    begin === undefined || end === undefined
      ? { step, durationMs: undefined, offset: 0, width: 0 }
      : { step, durationMs: end - begin, offset: (begin - first) / whole, width: (end - begin) / whole },
  );
}
