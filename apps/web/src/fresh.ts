import type { UseQueryOptions } from "@tanstack/react-query";
import { toProblem } from "./problem.ts";

/** Whatever git tells may be different the next moment: a program in the workspace works on it too. */
export const FRESH = {
  // Of a refusal the second answer is the first.
  retry: (failures: number, error: Error) => failures < 2 && toProblem(error).code === "unreachable",
  staleTime: 0,
  refetchOnMount: "always",
  refetchOnWindowFocus: "always",
} satisfies Partial<UseQueryOptions>;
