import { z } from "zod";

/** The workspace; tools that look at files call it `repo`, those of git and of whole workspaces `name`. */
export const name = z.string().min(1).max(63).describe("The workspace's name");
export const path = z.string().max(4_096).describe("Relative to the workspace's directory, such as src/main.ts");

/** Of a tool that only looks into a workspace: a token of that workspace may use it, and need not name it. */
export const looking = { effect: "reads", needs: { scope: "read", ownWorkspace: true } } as const;
/** Of one that works there. */
export const working = { needs: { scope: "write", ownWorkspace: true } } as const;
