import { handlerAbilities, type Handler, type HandlerAbility } from "@ws/workspace-core";

/** What each ability of a pipeline's token is called in the contract, and what it may say there beside the workspace. */
const PROCEDURES: Readonly<Record<HandlerAbility, { path: string; says: readonly string[] }>> = {
  ls: { path: "files.list", says: ["path", "limit"] },
  read: { path: "files.read", says: ["path", "offset", "limit"] },
  packets: {
    path: "handlers.packets",
    says: ["paths", "max_files", "since_commit", "include_glob", "exclude_glob"],
  },
  write: { path: "files.write", says: ["path", "content", "encoding", "expect"] },
  edit: { path: "files.edit", says: ["path", "oldString", "newString", "replaceAll", "expect"] },
  // Not `branch`: the content of another one is not what it was let write, nor is another one what it was let push to.
  pull: { path: "git.pull", says: ["allowDirty", "rebase"] },
  add: { path: "git.add", says: ["paths"] },
  // Not `all` and `amend`: they would commit what nobody let it write.
  commit: { path: "git.commit", says: ["message"] },
  push: { path: "git.push", says: [] },
};

/**
 * What keeps a pipeline's token from a call: that it is another one than its handler makes, or the field that it may not say
 * there. Its rules and its workspace are judged beside that.
 */
export function refusedToHandler(
  handler: Handler,
  path: readonly string[] | undefined,
  input: unknown,
): { field?: string } | undefined {
  const asked = path?.join(".");
  if (asked === "auth.whoami") return undefined;
  const ability = handlerAbilities(handler).find((one) => PROCEDURES[one].path === asked);
  if (ability === undefined) return {};
  const { says } = PROCEDURES[ability];
  // A field that is there and undefined says nothing; only calls from within the agent have such.
  const said = Object.entries(input ?? {}).filter(([, value]) => value !== undefined);
  const [field] = said.find(([key]) => key !== "name" && !says.includes(key)) ?? [];
  return field === undefined ? undefined : { field };
}
