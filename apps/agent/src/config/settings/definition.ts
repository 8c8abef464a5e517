import type { z } from "zod";

export function define<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  return definition;
}

/** One setting: its place in config.json (dots nest), what may stand there, and what people read about it. */
export interface SettingDefinition<T = unknown> {
  schema: z.ZodType<T>;
  default: NoInfer<T>;
  description: string;
  /** Variables that override the file; the first one that is set holds. */
  env: readonly string[];
  /** Whether a change waits for the next start of the agent. */
  restart: boolean;
  /** Whether its value lies in the secret store, and nothing but its last four characters is ever shown. */
  secret?: true;
}
