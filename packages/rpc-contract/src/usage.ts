import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";
import { validatedOnce } from "./validated-once.ts";
import { name } from "./workspace-info.ts";

/** What one running workspace uses; what its runtime cannot tell is absent. */
export const workspaceUsage = z.object({
  id: z.string(),
  cpuPercent: z
    .number()
    .optional()
    .describe("Since the reading before, 100 for each CPU that was busy all the time; absent in the first"),
  memoryBytes: z.number().optional().describe("Without what the kernel only keeps of files"),
  memoryLimitBytes: z.number().optional().describe("Where it has one of its own"),
  processes: z.number().optional().describe("Each thread counts, as it does for a limit"),
  at: z.string().describe("When it was read, ISO 8601"),
});
export type WorkspaceUsage = z.infer<typeof workspaceUsage>;

const usageEvent = z.object({ usages: z.array(workspaceUsage) });
export type UsageEvent = z.infer<typeof usageEvent>;

export const usage = procedure
  .route({
    method: "GET",
    path: "/usage",
    summary: "Watch what workspaces use",
    description:
      "Processor, memory and processes of the running workspaces, or of the one that is named, about every two seconds as long as somebody listens. Each event is whole; one that is missing in it does not run, or could not be read for ten seconds.",
  })
  .input(z.strictObject({ name: name.optional() }).optional())
  .output(eventIterator(validatedOnce(usageEvent)));
