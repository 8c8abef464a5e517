import type { FinalizeInput } from "@ws/rpc-contract";

export interface OpenFormValues {
  /** Absent until a person has typed one. */
  title?: string;
  body: string;
  base: string;
  draft: boolean;
  /** What becomes of files that are not committed. */
  work: "leave" | "commit";
}

/** What the worker is asked for. */
export function requestOf(values: OpenFormValues & { title: string }, dirty: boolean): Omit<FinalizeInput, "name"> {
  const { title, body, base, draft, work } = values;
  const [description, targetBranch] = [body.trim(), base.trim()];
  return {
    push: true,
    ...(dirty && work === "commit" ? { uncommitted: "commit", commitMessage: title } : { uncommitted: "leave" }),
    pullRequest: {
      title,
      draft,
      ...(description === "" ? {} : { body: description }),
      ...(targetBranch === "" ? {} : { targetBranch }),
    },
  };
}
