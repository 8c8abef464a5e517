import { z } from "zod";
import { procedure } from "./errors.ts";

/** In answers a secret reads `…` and its last four characters; sending that text back keeps the secret. */
export const credentials = z.object({
  env: z.record(z.string(), z.string()),
  files: z.record(z.string(), z.string()).describe("Destination in the workspace to source on the worker"),
});
export const scripts = z.object({
  post_start: z.union([z.string(), z.array(z.string())]).optional(),
  fail_on_error: z.boolean().optional(),
});
/** What a control for a setting offers; whether a value fits is judged when it is set. */
const settingTakes = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("switch") }),
  z.object({ kind: z.literal("number"), least: z.number().optional(), most: z.number().optional() }),
  z.object({ kind: z.literal("text") }),
  z.object({ kind: z.literal("choice"), choices: z.array(z.string()) }),
  z.object({ kind: z.literal("list"), choices: z.array(z.string()).optional().describe("The only ones there can be") }),
  z.object({ kind: z.literal("json") }),
]);
export type SettingTakes = z.infer<typeof settingTakes>;

/** A script of the worker's. */
export const scriptFile = z.object({
  script: z.string().describe("As the setting scripts.post_start names it"),
  name: z
    .string()
    .optional()
    .describe("Of one in the worker's own directory of scripts, which alone can be read and written"),
  runs: z.boolean().describe("Whether it runs in workspaces"),
  problem: z.string().optional().describe("Why it cannot"),
});
export type ScriptFile = z.infer<typeof scriptFile>;

const scriptText = z.object({
  name: z.string(),
  content: z.string(),
  revision: z.string().describe("Another one whenever the content is"),
});
const scriptName = z.string().min(1).max(100);

export const setting = z.object({
  key: z.string(),
  value: z.unknown(),
  default: z.unknown(),
  description: z.string(),
  source: z.enum(["default", "file", "environment"]),
  restart: z.boolean().describe("Whether a change waits for the next start of the agent"),
  shadowedBy: z.string().optional().describe("The variable that holds over what config.json says"),
  area: z.string().optional().describe("What it belongs to, in words; absent of credentials"),
  takes: settingTakes.optional().describe("Absent of credentials"),
  secret: z.literal(true).optional().describe("Its value is never told, only its last four characters"),
});
export type Setting = z.infer<typeof setting>;

export const config = {
  credentials: {
    get: procedure
      .route({
        method: "GET",
        path: "/config/credentials",
        summary: "List credentials",
        description: "Names, sources and last four characters, never secrets.",
      })
      .output(credentials),
    update: procedure
      .route({
        method: "PUT",
        path: "/config/credentials",
        summary: "Replace credentials",
        description: "A value equal to what get returned keeps the secret; an absent name removes it.",
      })
      .input(z.strictObject(credentials.shape))
      .output(credentials),
  },
  scripts: {
    get: procedure
      .route({
        method: "GET",
        path: "/config/scripts",
        summary: "Read scripts",
        description: "What runs after each start.",
      })
      .output(scripts),
    update: procedure
      .route({
        method: "PUT",
        path: "/config/scripts",
        summary: "Replace scripts",
        description: "Paths on the worker.",
      })
      .input(z.strictObject(scripts.shape))
      .output(scripts),
    files: {
      list: procedure
        .route({
          method: "GET",
          path: "/config/scripts/files",
          summary: "List scripts",
          description: "Those that run in workspaces, in their order, then what else lies in the worker's directory.",
        })
        .output(z.object({ directory: z.string(), files: z.array(scriptFile) })),
      get: procedure
        .route({
          method: "GET",
          path: "/config/scripts/files/{name}",
          summary: "Read a script",
          description: "One of the worker's own directory of scripts.",
        })
        .input(z.strictObject({ name: scriptName }))
        .output(scriptText),
      put: procedure
        .route({
          method: "PUT",
          path: "/config/scripts/files/{name}",
          summary: "Write a script",
          description: "Into the worker's own directory of scripts. What could not be run is refused.",
        })
        .input(
          z.strictObject({
            name: scriptName,
            content: z.string().max(1_048_576),
            expect: z.string().optional().describe("The revision that is replaced; a new script has none"),
          }),
        )
        .output(scriptText),
    },
  },
  settings: {
    list: procedure
      .route({
        method: "GET",
        path: "/config/settings",
        summary: "List settings",
        description: "Every setting with its value, default and source.",
      })
      .output(z.array(setting)),
    set: procedure
      .route({
        method: "PUT",
        path: "/config/settings/{key}",
        summary: "Change a setting",
        description: "Checked against the schema, then written.",
      })
      .input(z.strictObject({ key: z.string(), value: z.unknown() }))
      .output(setting),
    unset: procedure
      .route({
        method: "DELETE",
        path: "/config/settings/{key}",
        summary: "Back to the default",
        description: "Removes the setting from the file.",
      })
      .input(z.strictObject({ key: z.string() }))
      .output(setting),
  },
};
