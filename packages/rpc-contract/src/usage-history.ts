import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

/** What a workspace used at an instant, or in a span of time that begins there; what was not known is absent. */
export const usagePoint = z.object({
  at: z.string().describe("ISO 8601"),
  cpuPercent: z.number().optional().describe("100 for each CPU that was busy all the time"),
  cpuPeakPercent: z.number().optional(),
  memoryBytes: z.number().optional(),
  memoryPeakBytes: z.number().optional(),
  processes: z.number().optional(),
  processesPeak: z.number().optional(),
  diskBytes: z.number().optional().describe("What its home held as it had been measured by then"),
});
export type UsagePoint = z.infer<typeof usagePoint>;

export const usageHistoryResult = z.object({
  points: z.array(usagePoint).describe("Oldest first; of a day means and peaks, of an hour what was measured"),
  everySeconds: z.number().describe("About how far two points lie apart"),
  gapSeconds: z
    .number()
    .describe("Between two points that lie further apart nothing was measured: the workspace or the agent did not run"),
  memoryLimitBytes: z.number().optional().describe("The workspace's own limit of now"),
});
export type UsageHistoryResult = z.infer<typeof usageHistoryResult>;

export const usageHistory = procedure
  .route({
    method: "GET",
    path: "/workspaces/{name}/usage-history",
    summary: "Look at what a workspace used",
    description:
      "Processor, memory, processes and disk of the last hour, about every ten seconds, or of the last day, every five minutes with their peaks. Measured also while nobody looks.",
  })
  .input(z.strictObject({ name, span: z.enum(["hour", "day"]) }))
  .output(usageHistoryResult);
