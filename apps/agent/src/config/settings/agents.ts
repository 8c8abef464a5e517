import { z } from "zod";
import { define } from "./definition.ts";

const toolName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be a name of letters, digits, '-', '_' and '.'");
const words = z.array(z.string().max(4_096)).max(200);
const customTool = z.strictObject({
  argv: words.min(1).refine(([command]) => command !== "", "must begin with a command"),
  resume: words.optional(),
  output: z.enum(["text", "claude", "codex", "opencode"]),
  keys: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable")).optional(),
  limitText: z.string().min(1).max(200).optional(),
  loginText: z.string().min(1).max(200).optional(),
});
const serverName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, "must be a name of lowercase letters, digits and dashes");
const toolServer = z.strictObject({
  url: z
    .string()
    .max(2_000)
    .refine((text) => isServerUrl(text), "must be an address such as https://docs.example.com/mcp, without a login"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional(),
});

export const AGENTS = {
  "agents.default": define({
    schema: toolName,
    default: "claude",
    description: "The coding tool of tasks that name none: `claude`, `codex`, `opencode`, or one of `agents.custom`.",
    env: ["WS_AGENTS_DEFAULT"],
    restart: false,
  }),
  "agents.permissions": define({
    schema: z.enum(["auto", "ask", "edits", "all"]),
    default: "auto",
    description:
      "What coding tools may do without asking: nothing that changes something, change files, or everything that their workspace lets them do. `auto` is `all` in a container or a sandbox, and `edits` where there is neither.",
    env: ["WS_AGENTS_PERMISSIONS"],
    restart: false,
  }),
  "agents.preinstall": define({
    schema: z.array(z.enum(["claude", "codex", "opencode"])).max(3),
    default: [],
    description:
      "Coding tools that the image of workspaces has from the start, from npm, in the versions that would be installed at their first use. The image is built once more when this changes.",
    env: ["WS_AGENTS_PREINSTALL"],
    restart: true,
  }),
  "agents.install": define({
    schema: z.boolean(),
    default: true,
    description: "Whether a coding tool that is not in a workspace is installed there, from npm, at its first use.",
    env: ["WS_AGENTS_INSTALL"],
    restart: false,
  }),
  "agents.timeoutMinutes": define({
    schema: z.number().int().min(1).max(10_080),
    default: 120,
    description: "How long an attempt of a coding tool may take, unless its task says otherwise.",
    env: ["WS_AGENTS_TIMEOUT_MINUTES"],
    restart: false,
  }),
  "agents.models": define({
    schema: z.record(toolName, z.string().min(1).max(200)),
    default: {},
    description: 'The models of tasks that name none, by coding tool: `{"opencode": "anthropic/claude-sonnet-4-5"}`.',
    env: ["WS_AGENTS_MODELS"],
    restart: false,
  }),
  "agents.mcp": define({
    schema: z.record(serverName, toolServer),
    default: {},
    description:
      'Servers of tools (Model Context Protocol, over HTTP) that coding tools are given, by name: `{"docs": {"url": "https://docs.example.com/mcp"}}`. Each is given once `ws mcp approve NAME` has written the hash of its tools beside it, and as long as they are the same.',
    env: ["WS_AGENTS_MCP"],
    restart: false,
  }),
  "agents.custom": define({
    schema: z.record(toolName, customTool),
    default: {},
    description:
      "Further coding tools by name, each given its prompt on stdin: `argv` (`{model}` stands for the model), `resume` (the words that go on with `{session}`), `output` (`text`, `claude`, `codex` or `opencode`), `keys`, `limitText`, `loginText`.",
    env: ["WS_AGENTS_CUSTOM"],
    restart: false,
  }),
} as const;

function isServerUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
