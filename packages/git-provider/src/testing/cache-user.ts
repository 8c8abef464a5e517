// A worker's process that may be killed: borrows for each workspace that its argument names, and says when it has.
import { readFileSync } from "node:fs";
import type { Log, WorkspaceId } from "@ws/workspace-core";
import { createGit } from "../git.ts";

interface Orders {
  objects: string;
  url: string;
  caFile: string;
  workspaces: readonly WorkspaceId[];
}

const { objects, url, caFile, workspaces } = JSON.parse(process.argv[2] ?? "") as Orders;
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const git = createGit({ log, ca: [readFileSync(caFile, "utf8")], objects });
const repository = git.parseUrl(url);
await Promise.all(
  workspaces.map(async (workspace) => {
    const prepared = await git.prepare(repository, { workspace, signal: new AbortController().signal });
    await prepared?.ready(() => undefined);
    process.stdout.write(`${prepared?.directory}\n`);
  }),
);
