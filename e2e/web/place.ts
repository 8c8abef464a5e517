import { expect } from "@playwright/test";
import type { AgentProcess } from "../support/agent-process.ts";
import { newName } from "./fixtures.ts";

/** A workspace of a repository, and a shell in it whose commands succeed and say nothing on standard error. */
export interface Place {
  name: string;
  sh: (command: string) => Promise<string>;
}

export async function place(agent: AgentProcess, url: string, name = newName("git")): Promise<Place> {
  await agent.client.workspaces.create({ name, clone: url });
  const sh = async (command: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await agent.client.workspaces.exec({ name, command, timeout: 60_000 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return stdout;
  };
  return { name, sh };
}
