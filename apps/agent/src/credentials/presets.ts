import type { CredentialPreset } from "@ws/rpc-contract";
import { excerpt, WsError } from "@ws/workspace-core";

/**
 * How the coding tools are let in: each reads a key from a variable, and keeps a login in a file of its user's. A login that rotates is another
 * one after each renewal, which ends the one before: of two copies only one lives on.
 */
export const PRESETS: readonly CredentialPreset[] = [
  {
    name: "claude-code",
    tool: "Claude Code",
    variables: ["CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"],
    hint: "Make a token that is good for a year with 'claude setup-token', on a machine with a browser.",
    login: { path: "~/.claude/.credentials.json", rotates: true },
  },
  {
    name: "codex",
    tool: "Codex",
    variables: ["CODEX_API_KEY", "OPENAI_API_KEY"],
    hint: "Make a key at https://platform.openai.com/api-keys.",
    login: { path: "~/.codex/auth.json", rotates: true },
  },
  {
    name: "opencode",
    tool: "OpenCode",
    variables: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY", "OPENCODE_API_KEY"],
    hint: "It takes the key of whichever provider it is to use; name another one's variable with --variable.",
    login: { path: "~/.local/share/opencode/auth.json", rotates: true },
  },
  {
    name: "copilot",
    tool: "GitHub Copilot",
    variables: ["COPILOT_GITHUB_TOKEN"],
    hint: "Make a fine-grained token with the permission 'Copilot Requests' at https://github.com/settings/personal-access-tokens/new.",
    login: { path: "~/.config/github-copilot", rotates: false },
  },
];

/** The tool whose rotating login this file or directory of the worker is, or holds. */
export function rotatingLogin(path: string): CredentialPreset | undefined {
  const plain = path.replace(/\/+$/, "");
  return PRESETS.find(({ login }) => {
    const parts = login.path.slice("~/".length).split("/");
    return login.rotates && parts.some((_, at) => plain.endsWith(`/${parts.slice(0, at + 1).join("/")}`));
  });
}

/** Throws `credential_rotates` for what must not be copied unless somebody has said that it is meant. */
export function requireNoRotatingLogin(target: string, source: string): void {
  const preset = rotatingLogin(source) ?? rotatingLogin(target);
  if (preset === undefined) return;
  throw new WsError("credential_rotates", {
    message: `${excerpt(source)} is a login of ${preset.tool} that is renewed as it is used: a copy and the worker's own would end one another.`,
    next: `Give a key instead: ws credential set ${preset.name}. To copy it all the same: ws credential set ${preset.name} --copy-login.`,
    data: { credential: excerpt(target) },
  });
}
