import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import { startTestAgent, type TestAgent } from "./test-agent.ts";

// Run in a mount namespace of its own, on a directory that is a tmpfs: what an agent does whose state's disk is full.
const [disk = ""] = process.argv.slice(2);
const configDirectory = join(disk, "config");
const filler = join(disk, "filler");
const outcomes: Record<string, unknown> = {};

{
  await using agent = await startTestAgent({ configDirectory });
  const { local } = agent;
  for (const name of ["kept", "doomed", "other", "late", "last"]) await local.workspaces.create({ name });
  const { id } = await local.tokens.create({ name: "token" });
  await local.tokens.create({ name: "later" });
  resize("8m");
  fill();
  await tell("create", local.workspaces.create({ name: "new" }));
  await tell(
    "get",
    local.workspaces.get({ name: "kept" }).then(({ status }) => status),
  );
  await tell(
    "logs",
    local.workspaces.logs({ name: "kept" }).then((text) => text.includes("Run scripts")),
  );
  await tell(
    "exec",
    local.workspaces.exec({ name: "kept", command: "hello" }).then(({ stdout }) => stdout),
  );
  await tell(
    "stop",
    local.workspaces.stop({ name: "other" }).then(({ status }) => status),
  );
  await tell("delete", local.workspaces.delete({ name: "doomed" }));
  await tell("revoke", local.tokens.revoke({ token: id }));
  await tell("list", names(local.workspaces.list()));
  outcomes["places"] = (await agent.adapters.docker.list()).map(({ name }) => name);
  outcomes["health"] = (await agent.ask("/health")).status;
  // Full once more: what cannot be written says so and takes nothing of what is kept, and the agent lives on.
  fill();
  for (let round = 0; round < 2_000; round += 1) {
    const refusal = await codeOf(local.tokens.create({ name: `filling ${round} ${"x".repeat(80)}` }));
    if (refusal === undefined) continue;
    outcomes["a change that cannot be written"] = refusal;
    break;
  }
  await tell("sign in", signedIn(agent));
  for (let round = 0; round < 300; round += 1) {
    await safe(local.tokens.create({ name: "once more" }));
    await safe(local.workspaces.exec({ name: "kept", command: "nothing" }));
    await safe(local.workspaces.start({ name: "other" }));
    await safe(agent.remote("none").auth.exchange({ code: `wrong ${round}` }));
  }
  await tell(
    "stop, however much was refused",
    local.workspaces.stop({ name: "late" }).then(({ status }) => status),
  );
  await tell("delete, however much was refused", local.workspaces.delete({ name: "last" }));
  await tell("revoke, however much was refused", local.tokens.revoke({ token: "later" }));
  await tell("a setting", local.config.settings.set({ key: "env.LONG", value: "x".repeat(100_000) }));
  outcomes["settings"] = (await local.config.settings.list()).filter(({ key }) => key === "env.LONG").length;
  outcomes["files"] = readdirSync(configDirectory).filter((name) => /^(?:config|secrets)/.test(name));
  await tell("list again", names(local.workspaces.list()));
  rmSync(filler);
  resize("3g");
  await tell(
    "create with room",
    local.workspaces.create({ name: "new" }).then(({ status }) => status),
  );
}
{
  // Takes anew what is kept.
  await using _agent = await startTestAgent({ configDirectory });
}
resize("8m");
fill();
await tell("start", started());
// A service manager starts it again and again, while something takes whatever becomes free.
for (let round = 0; round < 12; round += 1) {
  fill();
  await using _agent = await startTestAgent({ configDirectory });
  fill();
}
fill();
{
  await using agent = await startTestAgent({ configDirectory });
  await tell("sign in after many starts", signedIn(agent));
  await tell("delete after many starts", agent.local.workspaces.delete({ name: "other" }));
}
rmSync(join(configDirectory, "state.reserve"));
fill();
await tell("start with nothing kept", started());
rmSync(filler);
await tell("start with room", started());
console.log(JSON.stringify(outcomes));

async function started(): Promise<string[]> {
  await using agent = await startTestAgent({ configDirectory });
  return await names(agent.local.workspaces.list());
}

/** By a link such as people follow, to a token that opens something. */
async function signedIn({ local, remote }: TestAgent): Promise<number> {
  const { url } = await local.auth.link();
  const { token } = await remote("none").auth.exchange({ code: url.split("#code=")[1] ?? "" });
  return (await remote(token).tokens.list()).length;
}

async function names(list: Promise<{ name: string }[]>): Promise<string[]> {
  return (await list).map(({ name }) => name);
}

/** What a call resolves to, or the code of its refusal. */
async function tell(name: string, call: Promise<unknown>): Promise<void> {
  outcomes[name] = await call.catch(codeOfError);
}

async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  const { error } = await safe(call);
  return error === null ? undefined : codeOfError(error);
}

/** The domain's code, which the wire has in its data; anything else whole. */
function codeOfError(error: unknown): string {
  const { code, data } = error as { code?: string; data?: { code?: string } };
  return data?.code ?? (code === "disk_full" ? code : String(error));
}

function resize(size: string): void {
  execFileSync("mount", ["-o", `remount,size=${size}`, disk]);
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
