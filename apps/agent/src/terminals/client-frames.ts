import type { ByteClientFrame, ExecClientFrame, TerminalClientFrame } from "@ws/rpc-contract/frames";
import { z } from "zod";

const auth = z.strictObject({ type: z.literal("auth"), token: z.string().max(4_096) });
const side = z.number().int().min(1).max(1_000);

const terminalFrame = z.discriminatedUnion("type", [
  auth,
  z.strictObject({
    type: z.literal("attach"),
    terminal: z.string().max(64).optional(),
    id: z.string().max(64).optional(),
    create: z.boolean().optional(),
    cols: side,
    rows: side,
    since: z.number().int().nonnegative().optional(),
    ack: z.boolean().optional(),
    command: z.array(z.string()).min(1).optional(),
    input: z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/), sent: z.number().int().nonnegative() }).optional(),
    readOnly: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("resize"), cols: side, rows: side }),
  z.strictObject({ type: z.literal("ack"), offset: z.number().int().nonnegative() }),
  z.strictObject({ type: z.literal("ping") }),
]);

const execFrame = z.discriminatedUnion("type", [
  auth,
  z.strictObject({
    type: z.literal("start"),
    command: z.array(z.string()).min(1),
    cwd: z.string().max(4_096).optional(),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  }),
  z.strictObject({ type: z.literal("stdin_end") }),
  z.strictObject({ type: z.literal("ack"), bytes: z.number().int().nonnegative() }),
  z.strictObject({ type: z.literal("signal"), signal: z.enum(["SIGINT", "SIGTERM", "SIGHUP"]) }),
]);

const byteFrame = z.discriminatedUnion("type", [
  auth,
  z.strictObject({ type: z.literal("end") }),
  z.strictObject({ type: z.literal("ack"), bytes: z.number().int().nonnegative() }),
]);

/** A text frame of a client of bytes; undefined where it is none. */
export function parseByteFrame(text: string): ByteClientFrame | undefined {
  return parse(byteFrame, text);
}

/** A text frame of a terminal's client; undefined where it is none. */
export function parseTerminalFrame(text: string): TerminalClientFrame | undefined {
  return parse(terminalFrame, text) as TerminalClientFrame | undefined;
}

/** A text frame of an exec client; undefined where it is none. */
export function parseExecFrame(text: string): ExecClientFrame | undefined {
  return parse(execFrame, text) as ExecClientFrame | undefined;
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
