import type { GitHubServer } from "@ws/git-provider/testing";
import type { AgentProcess, CommandResult } from "./agent-process.ts";

/** In whose name a worker commits as long as a workspace says no other. */
export const ADA = { WS_GIT_NAME: "Ada", WS_GIT_EMAIL: "ada@example.test" };

/** The settings of a worker whose forge this is. */
export function forgeEnvironment(github: GitHubServer): Record<string, string> {
  return { WS_GIT_CA: github.git.caFile, WS_GITHUB_URL: github.url, ...ADA };
}

/** Gives the worker a token for the forge. */
export function setToken(agent: AgentProcess, github: GitHubServer, token: string): Promise<CommandResult> {
  const { host } = new URL(github.url);
  return agent.ws(["credential", "set", "acme", "--host", host], { stdin: `${token}\n` });
}
