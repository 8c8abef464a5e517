import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startGitServer, type GitServer } from "@ws/git-provider/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineHoldings, startAgentProcess, type AgentProcess, type CommandResult } from "../support/agent-process.ts";

/** A refusal as a person sees it: its stable code and a next step, and never a stack. */
function expectRefusal(result: CommandResult, code: string, next: RegExp): void {
  expect(result.code).not.toBe(0);
  expect(result.stderr).toContain(`(${code})`);
  expect(result.stderr).toMatch(next);
  expect(result.stderr).not.toMatch(/\n\s+at /);
}

describe("what a person may get wrong", () => {
  let server: GitServer;
  let agent: AgentProcess;

  beforeAll(async () => {
    server = await startGitServer();
    agent = await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile } });
    await agent.ws(["start", "taken"]);
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([["stop"], ["info"], ["logs"], ["restart"]])(
    "'ws %s' of an unknown name names a known one",
    async (verb) => {
      expectRefusal(await agent.ws([verb, "take"]), "workspace_not_found", /'taken'/);
    },
  );

  test("an illegal name is refused with a legal one", async () => {
    expectRefusal(await agent.ws(["start", "My Project"]), "invalid_name", /'my-project'/);
  });

  test("a taken name is a conflict for the API, which creates", async () => {
    const create = agent.client.workspaces.create({ name: "taken" });
    await expect(create).rejects.toMatchObject({
      code: "CONFLICT",
      data: { code: "name_taken", next: expect.anything() },
    });
  });

  test.each(["ext::sh -c id", "--upload-pack=id", "file:///etc", "https://u:p@host/o/r", "ssh://-oProxyCommand=id/x"])(
    "the clone URL %s is refused before anything is made",
    async (url) => {
      expectRefusal(
        await agent.ws(["start", "never", `--clone=${url}`]),
        "invalid_clone_url",
        /https:\/\/|ws credential/,
      );
      expectRefusal(await agent.ws(["info", "never"]), "workspace_not_found", /./);
    },
  );

  test("a repository that does not exist, a branch that does not, and a refused login leave a failed record and nothing else", async () => {
    const before = await engineHoldings(agent.instance);
    const { url } = await server.create("acme/there");
    const secret = await server.create("acme/closed", {
      auth: { user: "someone", password: crypto.randomUUID() },
    });
    const gone = await agent.ws(["start", "gone", "--clone", `${server.origin}/acme/nowhere.git`]);
    expectRefusal(gone, "repository_not_found", /Repository not found[\s\S]*\n {4}\S/);
    const branch = await agent.ws(["start", "branch", "--clone", url, "--base", "no-such-branch"]);
    expectRefusal(branch, "branch_not_found", /Branch not found[\s\S]*\n {4}\S/);
    const closed = await agent.ws(["start", "closed", "--clone", secret.url]);
    expectRefusal(closed, "authentication_failed", /Authentication failed[\s\S]*\n {4}\S/);
    const nobody = await agent.ws(["start", "nobody", "--clone", "https://127.0.0.1:1/o/r"]);
    expectRefusal(nobody, "repository_unreachable", /\n {4}\S/);
    expect(await engineHoldings(agent.instance)).toEqual(before);
    expect((await agent.ws(["list"])).stdout).toMatch(/gone +error \(repository_not_found\)/);
    // The corrected URL makes it.
    expect((await agent.ws(["start", "gone", "--clone", url])).code).toBe(0);
    expect((await agent.ws(["delete", "gone", "branch", "closed", "nobody", "--yes"])).code).toBe(0);
  });

  test("an image that cannot be had is named, and nothing stays behind", async () => {
    const before = await engineHoldings(agent.instance);
    expectRefusal(await agent.ws(["start", "odd", "--image", "no-such-image:ever"]), "image_not_found", /\n {4}\S/);
    expect(await engineHoldings(agent.instance)).toEqual(before);
    await agent.ws(["delete", "odd", "--yes"]);
  });

  test("a second agent on the same state ends at once and names the first", async () => {
    const second = await agent.ws(["agent", "run"], { env: { WS_PORT: "0" } });
    expectRefusal(second, "state_locked", /\d+/);
  });
});

describe("what an operator may find", () => {
  test("a taken port is named with the way to another", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const { port } = squatter.address() as { port: number };
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.stop();
    expectRefusal(
      await agent.ws(["agent", "run", "--port", String(port)]),
      "port_taken",
      new RegExp(`${port}[\\s\\S]*--port`),
    );
    squatter.close();
  });

  test("a corrupted configuration is named with line and column and left as it is", async () => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.stop();
    const file = join(agent.configDirectory, "config.json");
    const corrupted = '{\n  "port": 7391,\n  "scripts": nonsense\n}\n';
    await writeFile(file, corrupted);
    const refused = await agent.ws(["agent", "run"]);
    expectRefusal(refused, "config_invalid", /3/);
    expect(refused.stderr).toContain(file);
    expect(await readFile(file, "utf8")).toBe(corrupted);
    await writeFile(file, "{}");
  });

  test("a state from a newer version is refused, naming both, and left as it is", async () => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.stop();
    const file = join(agent.configDirectory, "state.db");
    const version = setVersion(file, (known) => known + 40);
    expectRefusal(await agent.ws(["agent", "run"]), "state_newer", new RegExp(`${version + 40}`));
    expect(setVersion(file, () => version)).toBe(version + 40);
  });

  test("an address beyond this machine is refused without the flag that says so", async () => {
    await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
    await agent.stop();
    expectRefusal(
      await agent.ws(["agent", "run", "--listen", "0.0.0.0"]),
      "unsafe_listen",
      /--insecure-listen|insecureListen/,
    );
  });

  test("once Docker was used, an absent engine is an error and not a silent change to no isolation", async () => {
    await using agent = await startAgentProcess();
    expect(await agent.client.info()).toMatchObject({ runtime: "docker", isolation: "container" });
    await agent.client.workspaces.create({ name: "before" });
    await agent.stop();
    await agent.start({ DOCKER_HOST: "unix:///nonexistent.sock" });
    expectRefusal(await agent.ws(["start", "after"]), "engine_unreachable", /\n {4}\S/);
    expectRefusal(await agent.ws(["exec", "before", "--", "true"]), "engine_unreachable", /\n {4}\S/);
    // Asked for by name, the local runtime is there, and says how little it isolates.
    expect((await agent.ws(["start", "plain", "--runtime", "local"])).code).toBe(0);
    await agent.stop();
    await agent.start();
    expect((await agent.ws(["exec", "before", "--", "whoami"])).stdout).toBe("workspace\n");
  });
});

function setVersion(file: string, next: (version: number) => number): number {
  using db = new DatabaseSync(file);
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  db.exec(`PRAGMA user_version = ${next(version)}`);
  return version;
}
