import { z } from "zod";

/** The workspace; tools that look at files call it `repo`, those of git and of whole workspaces `name`. */
export const name = z.string().min(1).max(63).describe("The workspace's name");
export const path = z.string().max(4_096).describe("Relative to the workspace's directory, such as src/main.ts");
