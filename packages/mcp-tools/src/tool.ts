import type { Handler } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { z } from "zod";

/** What a caller may use: of which strength its token is, and the one workspace that it is for. */
export interface Reach {
  scope: "read" | "write" | "admin";
  /** The only workspace that the token is for, by its name now. */
  workspace?: string;
  /** The one thing that the token can be used for, in that workspace. */
  handler?: Handler;
}

/** What a tool works with. */
export interface Use {
  client: AgentClient;
  reach: Reach;
  /** Aborts when the caller no longer waits. */
  signal: AbortSignal;
  /** Tells the caller how far it is; absent where nobody asked to know. */
  progress?: (message: string) => Promise<void>;
}

/** What a tool gives: data for programs, and a text for models that are shown only that. */
export interface Answer {
  data: Record<string, unknown>;
  text: string;
  /** What is to be said beside the text, where that is a file's content or the like. */
  note?: string;
}

/** What a tool does to the world, in the words of the protocol. */
export type Effect = "reads" | "adds" | "changes" | "destroys";

export interface Tool {
  name: string;
  title: string;
  /** One to three sentences, for a model that decides whether to use it. */
  description: string;
  effect: Effect;
  /** Whether doing it again changes nothing more. */
  repeatable?: boolean;
  /** Whether it reaches beyond the worker: remotes, forges. */
  outside?: boolean;
  /** What a token needs for it; `ownWorkspace` also lets tokens of one workspace use it there. */
  needs: { scope: Reach["scope"]; ownWorkspace?: boolean };
  /** Makes it a tool of pipelines, for tokens whose handler is of this kind and lets it. */
  handler?: (handler: Handler) => boolean;
  fields: z.ZodObject;
  /** Which field names the workspace; a token of one workspace need not say it. */
  workspaceField?: string;
  /** Further names that a field is known by. */
  aliases?: Readonly<Record<string, string>>;
  run(input: unknown, use: Use): Promise<Answer>;
}

/** A tool whose input has the type of its fields. */
export function tool<Fields extends z.ZodObject>(
  definition: Omit<Tool, "fields" | "run"> & {
    fields: Fields;
    run(input: z.output<Fields>, use: Use): Promise<Answer>;
  },
): Tool {
  // The input is parsed with these very fields before it is run.
  return definition;
}
