import { expect } from "vitest";
import type { AgentProcess } from "./agent-process.ts";

/** What no workspace of the profile `person` may push: what it is, its refspec, and the words that git shows. */
export const REFUSED_PUSHES = [
  ["another branch", "HEAD:refs/heads/main", /may only push to parallax\//],
  ["a rewritten branch", "+HEAD~1:refs/heads/$(git branch --show-current)", /may not rewrite a branch/],
  ["a deletion", ":refs/heads/$(git branch --show-current)", /may not delete/],
  ["a tag", "HEAD:refs/tags/v1", /may not push tags/],
] as const;

/** That the push fails with these words and the server has what it had. */
export async function expectRefusedPush(
  agent: AgentProcess,
  name: string,
  refspec: string,
  words: RegExp,
): Promise<void> {
  const sh = (command: string) => agent.client.workspaces.exec({ name, command });
  const before = await sh("git ls-remote origin");
  expect(before).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("refs/heads/main") });
  const refused = await sh(`git push origin "${refspec}"`);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.stderr).toMatch(words);
  expect((await sh("git ls-remote origin")).stdout).toBe(before.stdout);
}
