import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startGitServer, startLfsServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { createSubject, sh } from "./testing/subject.ts";

test("a workspace has large files where they are asked for, and what it adds is stored before its branch is pushed", async () => {
  await using s = await createSubject();
  await using server = await startGitServer();
  await using lfs = await startLfsServer(server);
  const token = randomBytes(20).toString("hex");
  const auth = (_: string, password: string): boolean => password === token;
  const content = randomBytes(5_000);
  const files = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "a.bin": await lfs.put(content) };
  const repository = await server.create("org/large", { auth, files });
  lfs.serve("org/large", auth);
  const service = await s.service({ ca: [server.ca, lfs.ca] });
  const workspace = await service.provision({
    repo: repository.url,
    baseBranch: "main",
    execution: { id: "exec-1", patternName: "code-review" },
    task: { id: "task-1", role: "engineer", slug: "large" },
    user: { id: "user-1" },
    credentials: { type: "pat", token },
    checkout: { lfs: true },
  });
  expect(readFileSync(join(workspace.path, "a.bin"))).toEqual(content);
  await sh(service, workspace.id, "head -c 5000 /dev/urandom >b.bin && git add -A && git commit -qm 'Add b'");
  await service.push(workspace.id);
  const pointer = await repository.git("cat-file", "blob", `${workspace.branch.name}:b.bin`);
  expect(await lfs.has(/^oid sha256:(\w+)$/m.exec(pointer)?.[1] ?? "")).toBe(true);
  const config = readFileSync(join(workspace.path, ".git/config"), "utf8");
  for (const word of [token, lfs.mark]) expect(config).not.toContain(word);
});
