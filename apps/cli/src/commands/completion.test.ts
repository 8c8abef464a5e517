import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { EXIT } from "../errors.ts";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";

test.each([
  ["/usr/bin/zsh", /^#compdef ws/],
  ["/bin/bash", /complete -F _ws_complete ws/],
  ["/opt/fish", /complete -c ws/],
])("the script is for the shell %s, where none is named", async (shell, text) => {
  const io = createFakeIo({ SHELL: shell });
  expect(await run(["completion"], io)).toBe(EXIT.ok);
  expect(io.out()).toMatch(text);
  expect(io.err()).toBe("");
});

test.each([
  ["", "0:"],
  ["demo\tabout\n", "1:demo"],
])("bash is offered as many words as there are candidates, where the answer is %j", async (answer, offered) => {
  const io = createFakeIo();
  await run(["completion", "bash"], io);
  const directory = mkdtempSync(join(tmpdir(), "ws-complete-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const program = join(directory, "ws");
  writeFileSync(program, `#!/bin/sh\nprintf '${answer}'\n`);
  chmodSync(program, 0o755);
  const line = `COMP_LINE='${program} open ' COMP_POINT=$((\${#COMP_LINE})) COMP_WORDS=('${program}' open '') COMP_CWORD=2`;
  const script = `${io.out()}\n${line}\n_ws_complete\necho "\${#COMPREPLY[@]}:\${COMPREPLY[*]}"`;
  const { stdout } = spawnSync("bash", ["--noprofile", "--norc", "-c", script], { encoding: "utf8" });
  expect(stdout).toBe(`${offered}\n`);
});

test.each([
  [{ SHELL: "/bin/csh" }, "Nothing completes in 'csh'. (usage)"],
  [{}, "Nothing completes in an unknown shell. (usage)"],
])("a shell that nothing is there for is told of those there are: %j", async (env, says) => {
  const io = createFakeIo(env);
  expect(await run(["completion"], io)).toBe(EXIT.usage);
  expect(io.err()).toContain(says);
  expect(io.err()).toContain("ws completion bash, zsh or fish");
});

test("names come from the worker that the line is for, one each line and obeyed by no terminal", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const name = "alpha";
    const workspaces = [{ name, repo: "https://host/\u001b]0;x\u0007a\nb", status: "running" }];
    response.setHeader("content-type", "application/json").end(JSON.stringify({ json: workspaces }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const io = createFakeIo({ WS_WORKER: `http://127.0.0.1:${port}`, WS_TOKEN: "t" });
  expect(await run(["__complete", "--", "--on", "desk", "shell", ""], io)).toBe(EXIT.ok);
  expect(io.out()).toBe("alpha\thttps://host/a b\n");
  expect(asked).toEqual(["/on/desk/rpc/workspaces/list"]);
});

test.each(["nobody answers", "somebody never does"])(
  "where %s nothing is offered, and nothing is said",
  async (who) => {
    const directory = mkdtempSync(join(tmpdir(), "ws-complete-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const env: Record<string, string> = { WS_CONFIG_DIR: directory };
    if (who === "somebody never does") {
      const silent = createServer(() => undefined).listen(join(directory, "agent.sock"));
      await once(silent, "listening");
      onTestFinished(() => silent.closeAllConnections());
      onTestFinished(() => void silent.close());
    }
    const io = createFakeIo(env);
    expect(await run(["__complete", "--", "shell", ""], io)).toBe(EXIT.ok);
    expect([io.out(), io.err()]).toEqual(["", ""]);
  },
);

test("where a file is meant, the shell is told to look for one", async () => {
  const io = createFakeIo();
  await run(["__complete", "--", "finalize", "demo", "--body-file", ""], io);
  expect(io.out()).toBe(":files\n");
});
