import { type Change, type Project, type SubmitMode, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import type { Providers } from "../providers/providers.ts";

/** Submits a change, once, and gives its record. Throws `forbidden`, `change_not_found`, and what its provider says. */
export type Submit = (caller: Caller | undefined, name: string, mode?: SubmitMode) => Promise<Change>;

export function createSubmit(options: {
  providers: Pick<Providers, "projects" | "registry">;
  /** Aborts when the agent goes away; a caller who does is no reason to leave it half done. */
  closing: AbortSignal;
}): Submit {
  const { projects, registry } = options.providers;
  const { changes } = projects;
  const underWay = new Map<string, Promise<Change>>();

  async function work(name: string, mode: SubmitMode | undefined): Promise<Change> {
    const change = changes.get(name);
    if (change.state === "submitted") return change;
    const project = projects.get(change.project);
    const record = (news: Partial<Pick<Change, "state" | "pullRequest">>): Change =>
      changes.put({ ...news, name: change.name, project: change.project });
    const submitted = await (
      await registry()
    ).submitChangespec(
      {
        change,
        project,
        ...(mode === undefined ? {} : { mode }),
        opened: (pullRequest) => void record({ pullRequest, state: "review" }),
      },
      options.closing,
    );
    if (submitted.done === "pull_request") {
      const { pullRequest } = submitted;
      return record({ pullRequest, state: pullRequest.state === "merged" ? "submitted" : "review" });
    }
    const { pullRequest } = changes.get(name);
    return record({
      state: "submitted",
      ...(pullRequest === undefined ? {} : { pullRequest: { ...pullRequest, state: "merged" } }),
    });
  }

  return async (caller, name, asked) => {
    const { project, name: own } = changes.get(name);
    const mode = permitted(caller, projects.get(project), asked);
    const key = `${project}/${own}`;
    // A repetition waits for the call that it repeats, and then sees what became of it.
    const turn = (underWay.get(key) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => work(key, mode))
      .finally(() => {
        if (underWay.get(key) === turn) underWay.delete(key);
      });
    underWay.set(key, turn);
    return turn;
  };
}

/** What lands in a branch that others build on is for administrators; others may ask for it. */
function permitted(caller: Caller | undefined, project: Project, asked?: SubmitMode): SubmitMode | undefined {
  if (caller?.scope === "admin") return asked;
  const mode = asked ?? project.submit ?? (project.url === undefined ? "merge" : "pull_request");
  if (mode === "pull_request") return mode;
  const way = mode === "merge" ? "merging" : "pushing";
  throw new WsError("forbidden", {
    message: `Submitting by ${way} needs the scope 'admin'.`,
    next: "Ask for a review, or use a token that may: ws token create NAME --scope admin.",
    data: { needs: "admin" },
  });
}
