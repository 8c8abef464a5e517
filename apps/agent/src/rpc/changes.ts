import type { ChangeInfo } from "@ws/rpc-contract";
import { type Change, type ChangeInput, type ReviewRequest, WsError } from "@ws/workspace-core";
import { changeNamed } from "../projects/change-named.ts";
import { createSubmit } from "../projects/submit.ts";
import { contextOf } from "../providers/resolve.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { toPullRequest } from "./workspace-info.ts";

export function changesRouter(guard: Guarded, { providers, closing }: Services) {
  const os = guard.changes;
  const { projects, registry } = providers;
  const { changes } = projects;
  const find = (name: string) => {
    const change = changes.get(name);
    return { change, project: projects.get(change.project) };
  };
  const submit = createSubmit({ providers, closing });
  /** Written down before it is told: a repetition then finds what there is. */
  const record = (change: Change, news: Partial<ChangeInput>): ChangeInfo =>
    show(changes.put({ ...news, name: change.name, project: change.project }));

  return os.router({
    list: os.list.handler(({ input }) => changes.list(input?.project).map(show)),
    get: os.get.handler(({ input: { name } }) => show(changes.get(name))),
    put: os.put.handler(({ input }) => show(changes.put(withoutAbsent(input)))),
    remove: os.remove.handler(({ input: { name } }) => {
      changes.remove(name);
      return { success: true };
    }),
    submit: os.submit.handler(async ({ input: { name, mode, cwd }, context: { caller }, signal }) => {
      const context = contextOf(caller, { cwd, signal, mayCreate: false });
      return show(await submit(caller, await changeNamed(providers, name, "submit", context), mode));
    }),
    review: os.review.handler(async ({ input: { name, cwd, ...asked }, context: { caller }, signal }) => {
      const context = contextOf(caller, { cwd, signal, mayCreate: false });
      const of = find(await changeNamed(providers, name, "review", context));
      if (of.change.state === "submitted") return show(of.change);
      const prepared = await (await registry()).prepareMail(of, withoutAbsent(asked) as ReviewRequest, signal);
      const { pullRequest } = prepared;
      return record(of.change, { state: "review", ...(pullRequest === undefined ? {} : { pullRequest }) });
    }),
    check: os.check.handler(async ({ input: { name }, signal }) => {
      const { change } = find(name);
      if (change.state === "submitted") return show(change);
      if (change.pullRequest === undefined) throw notReviewed(change);
      const isSubmitted = await (await registry()).isSubmitted(change.pullRequest.url, signal);
      return isSubmitted ? record(change, { state: "submitted" }) : show(change);
    }),
    comments: os.comments.handler(async ({ input: { name }, signal }) => {
      const { change } = find(name);
      if (change.pullRequest === undefined) throw notReviewed(change);
      const comments = await (await registry()).getReviewerComments(change.pullRequest.url, signal);
      return comments.map(({ createdAt, ...comment }) => ({ ...comment, created: instant(createdAt) }));
    }),
  });
}

function show({ createdAt, updatedAt, pullRequest, ...change }: Change): ChangeInfo {
  return {
    ...change,
    created: instant(createdAt),
    updated: instant(updatedAt),
    ...(pullRequest === undefined ? {} : { pullRequest: toPullRequest(pullRequest) }),
  };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

function notReviewed({ name, project }: Change): WsError<"forge_unknown"> {
  return new WsError("forge_unknown", {
    message: `The change '${name}' of '${project}' has no pull request that could be looked at.`,
    next: `Ask for a review: ws change review ${name}.`,
    data: { url: "" },
  });
}
