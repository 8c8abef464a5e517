import { handlerAbilities, type Handler, type HandlerAbility } from "@ws/workspace-core";

/** What each ability of a pipeline's token is called in the contract. */
const PROCEDURES: Readonly<Record<HandlerAbility, string>> = {
  ls: "files.list",
  read: "files.read",
  packets: "handlers.packets",
  write: "files.write",
  edit: "files.edit",
  pull: "git.pull",
  add: "git.add",
  commit: "git.commit",
  push: "git.push",
};

/** Whether a pipeline's token may call a procedure at all; its rules and its workspace are judged beside that. */
export function handlerMayCall(handler: Handler, path: readonly string[] | undefined): boolean {
  const asked = path?.join(".");
  if (asked === "auth.whoami") return true;
  return handlerAbilities(handler).some((ability) => PROCEDURES[ability] === asked);
}
