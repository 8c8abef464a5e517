import { lstatSync, readFileSync } from "node:fs";
import { z } from "zod";
import { CliError, EXIT } from "../errors.ts";
import type { Service } from "./service.ts";

const MARK = "Made by 'ws agent install', which writes it anew.";

/** One line for the head of a description: that it is ours, and what it was made from. It holds nothing that ends a comment, of XML or of a unit. */
export function noteFor(service: Service): string {
  return `${MARK} ${JSON.stringify(service).replaceAll("-", "\\u002d")}`;
}

const service = z.object({
  scope: z.enum(["user", "system"]),
  directory: z.string(),
  program: z.object({ node: z.string(), words: z.array(z.string()) }),
  port: z.number().optional(),
  user: z.string().optional(),
  lingering: z.literal(true).optional(),
});

/** The description that lies at a place. `foreign` is what somebody else put there, a link included. */
export type Described = { kind: "none" } | { kind: "foreign" } | { kind: "ours"; text: string; service: Service };

export function readDescription(file: string): Described {
  try {
    if (!lstatSync(file).isFile()) return { kind: "foreign" };
    const text = readFileSync(file, "utf8");
    const noted = parseNote(text);
    return noted === undefined ? { kind: "foreign" } : { kind: "ours", text, service: noted };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return { kind: "none" };
    throw error;
  }
}

function parseNote(text: string): Service | undefined {
  const line = text.split("\n", 2).find((each) => each.includes(MARK));
  const json = line === undefined ? undefined : /\{.*\}/.exec(line)?.[0];
  if (json === undefined) return undefined;
  try {
    return service.parse(JSON.parse(json)) as Service;
  } catch {
    return undefined;
  }
}

export function foreign(file: string): CliError {
  return new CliError("service_foreign", `${file} was not made by 'ws agent install', and is left as it is.`, {
    next: "Look at it, move it away if nobody needs it, and try again.",
    exit: EXIT.conflict,
  });
}
