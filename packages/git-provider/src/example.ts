import { createGit } from "@ws/git-provider";
import type { Box, Log } from "@ws/workspace-core";

export async function cloneInto(box: Box, reference: string, log: Log, ca: string[]): Promise<string> {
  const git = createGit({ log, ca });
  const repository = git.parseUrl(reference); // { url: "https://github.com/org/repo", name: "repo" }
  await git.attach(box, { repository, profile: "person" });
  const { branch } = await git.clone(
    box,
    { ...repository, branch: "my-work" },
    { group: "clone", report: ({ message, percent }) => log.info(message, { percent }) },
  );
  return branch;
}
