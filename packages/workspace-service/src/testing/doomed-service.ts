// A service that is killed: provisions a workspace, works in it and finalizes it, and dies as soon as it has written down that
// it begins the step which it was told.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { WorkspaceRecord } from "@ws/workspace-core";
import type { FinalizeOptions } from "../requests.ts";
import { forgeOf, sh } from "./subject.ts";

export interface Doom {
  directory: string;
  github: { url: string; apiUrl: string; ca: string };
  sandbox: "bubblewrap" | "none";
  token: string;
  repo: string;
  /** `create clone`, `finalize push`, `delete`. */
  at: string;
  finalize: FinalizeOptions;
  onComplete?: { command: string };
}

if (process.argv[2] !== undefined) {
  const doom = JSON.parse(process.argv[2]) as Doom;
  const { renameSync } = fs;
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    if (!/\.state\/workspaces\/[^/]+\.json$/.test(String(to))) return;
    const { operation } = JSON.parse(fs.readFileSync(String(to), "utf8")) as WorkspaceRecord;
    const step = operation?.step === undefined ? "" : ` ${operation.step}`;
    if (operation !== undefined && `${operation.kind}${step}` === doom.at) process.kill(process.pid, "SIGKILL");
  };
  syncBuiltinESMExports();
  const { WorkspaceService } = await import("../workspace-service.ts");
  const { directory: workspacesDir, github, sandbox, token, repo, finalize, onComplete } = doom;
  const identity = { name: "Ada", email: "ada@example.test" };
  const service = new WorkspaceService({
    workspacesDir,
    sandbox,
    identity,
    ca: [github.ca],
    forges: [forgeOf(github)],
  });
  const { id } = await service.provision({
    repo,
    execution: { id: "exec-doomed" },
    credentials: { type: "pat", token },
    ...(onComplete === undefined ? {} : { onComplete }),
  });
  await sh(service, id, "echo work > work.txt");
  await service.finalize(id, finalize);
  console.log("survived");
  await service.close();
}
