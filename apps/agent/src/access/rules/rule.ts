import type { AnyContractProcedure } from "@orpc/contract";

/** `open` needs no token, `any` a good one of whatever scope. */
export type Need = "open" | "any" | "read" | "write" | "admin";

export interface Rule {
  needs: Need;
  /** Whether it changes something though every good token may call it: the procedure lets each change itself only. */
  changes?: true;
  /** Whether a `workspace:NAME` token may call it for its own workspace, which the input names. */
  ownWorkspace?: true | { mayAlsoSay: readonly string[] };
  /** Whether the input may name a task in place of the workspace, which is then the one that the task is in. */
  byTask?: true;
  /** Whether such a token may call it without saying anything: the procedure tells it of its own workspace only. */
  tellsOwn?: true;
}

/** A rule for each procedure of a contract. */
export type Rules<C> = { [K in keyof C]: C[K] extends AnyContractProcedure ? Rule : Rules<C[K]> };

export const open: Rule = { needs: "open" };
export const any: Rule = { needs: "any" };
export const ownSelf: Rule = { needs: "any", changes: true };
export const read: Rule = { needs: "read" };
export const write: Rule = { needs: "write" };
export const admin: Rule = { needs: "admin" };
export const ownRead: Rule = { ...read, ownWorkspace: true };
export const ownWrite: Rule = { ...write, ownWorkspace: true };
export const ownTaskRead: Rule = { ...ownRead, byTask: true };
export const ownTaskWrite: Rule = { ...ownWrite, byTask: true };
