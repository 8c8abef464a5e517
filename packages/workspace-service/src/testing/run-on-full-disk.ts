import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createSubject, sh } from "./subject.ts";

// Run in a mount namespace of its own, on a directory that is a tmpfs: what a service does whose disk is full.
const [disk = ""] = process.argv.slice(2);
const filler = join(disk, "filler");
const workspacesDir = join(disk, "workspaces");
const outcomes: Record<string, unknown> = {};

{
  await using s = await createSubject();
  const repository = await s.repository({ private: true });
  const request = { repo: repository.url, credentials: { type: "pat", token: s.token } } as const;
  let service = await s.service({ workspacesDir });
  const made: string[] = [];
  for (let count = 0; count < 5; count += 1) made.push((await service.provision(request)).id);
  const [doomed = "", kept = "", later = "", tree = "", last = ""] = made;
  const worktree = await service.addWorktree(tree);
  await sh(service, kept, "echo work > work.txt");
  execFileSync("mount", ["-o", "remount,size=16m", disk]);
  fill();
  await tell("provision", service.provision(request));
  await tell("cleanup", service.cleanup(doomed));
  fill();
  await tell("what holds work", service.cleanup(kept));
  await tell(
    "its right",
    sh(service, kept, "git ls-remote origin").then(
      () => "stands",
      () => "ended",
    ),
  );
  fill();
  await tell("worktree", service.removeWorktree(worktree.id, { force: true }));
  fill();
  service = await s.service({ workspacesDir });
  fill();
  await tell("cleanup after a start", service.cleanup(later, { force: true }));
  fill();
  await tell("and once more", service.cleanup(last, { force: true }));
  outcomes["tokens"] = made.map((id) => existsSync(join(workspacesDir, ".state/tokens", `${id}.json`)));
  outcomes["listed"] = service.list().map(({ id }) => made.indexOf(id));
  rmSync(filler);
  execFileSync("mount", ["-o", "remount,size=3g", disk]);
  await tell(
    "provision with room",
    service.provision(request).then(({ status }) => status),
  );
}
console.log(JSON.stringify(outcomes));

/** What a call resolves to, or the code of its refusal. */
async function tell(name: string, call: Promise<unknown>): Promise<void> {
  outcomes[name] = await call.then(
    (value) => value ?? "done",
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** Takes every byte that is left. */
function fill(): void {
  const file = openSync(filler, "a");
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
  closeSync(file);
}
