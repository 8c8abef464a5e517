// A program of an ordinary user: makes a workspace, works in it, pushes, cleans up, says what it saw, and ends by itself.
import type { Doom } from "./doomed-service.ts";
import { forgeOf, sh } from "./subject.ts";
import { WorkspaceService } from "../workspace-service.ts";

const asked = JSON.parse(process.argv[2] ?? "") as Pick<Doom, "directory" | "github" | "sandbox" | "token" | "repo">;
const { directory: workspacesDir, github, sandbox, token, repo } = asked;
const identity = { name: "Ada", email: "ada@example.test" };
const service = new WorkspaceService({ workspacesDir, sandbox, identity, ca: [github.ca], forges: [forgeOf(github)] });
await service.initialize();
const { id } = await service.provision({ repo, credentials: { type: "pat", token } });
const who = await sh(
  service,
  id,
  "id -u; git status --porcelain; git commit -q --allow-empty -m x; git log -1 --format=%an",
);
const pr = await service.finalize(id, { push: true, createPr: true, pr: { title: "By anybody" }, cleanup: true });
await service.close();
console.log(JSON.stringify({ who, number: pr?.number, uid: process.getuid?.() }));
