import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";
import { createDevice, openPairing } from "../support/device.ts";
import { onScreen } from "../support/screen.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

test("row 29, stolen device (OpenClaw GHSA-m8wm): once it is revoked its terminal, command, followed log and sockets close, with 4401, and its next call is refused", async () => {
  await using agent = await startAgentProcess({ env: { WS_RUNTIME: "local" } });
  await agent.client.workspaces.create({ name: "demo" });
  await using device = await createDevice();
  const { code, ended } = await openPairing(agent);
  expect(await device.ws("pair", new URL(agent.url).host, code)).toMatchObject({ code: 0 });
  await ended;
  const { worker, workers } = JSON.parse(await device.kept()) as {
    worker: string;
    workers: Record<string, { token: string; device: string }>;
  };
  const { token, device: id } = workers[worker] ?? { token: "", device: "" };

  const shell = onScreen(`${launcher} shell demo`, { env: { ...device.env, TERM: "xterm" } });
  onTestFinished(shell.close);
  await shell.shows(/[$#] /);
  const follow = (...words: string[]) => {
    const child = spawn(launcher, words, { env: device.env, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const over = Promise.all([once(child, "exit").then(([exit]) => exit as number), text(child.stderr)]);
    return { begun: once(child.stdout, "data"), over };
  };
  const command = follow("exec", "demo", "--", "sh", "-c", "echo begun; sleep 1000");
  const log = follow("logs", "demo", "-f");
  await Promise.all([command.begun, log.begun]);
  const socket = new WebSocket(`${agent.url.replace("http", "ws")}/terminal/demo`);
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "auth", token }));
  // Which begins a plain client's terminal.
  socket.send(JSON.stringify({ type: "resize", cols: 80, rows: 24 }));
  await once(socket, "message");
  const closed = once(socket, "close").then(([event]) => (event as CloseEvent).code);

  expect(await agent.ws(["devices", "revoke", id, "--yes"])).toMatchObject({ code: 0 });
  expect(await closed).toBe(4401);
  const [exit, [commandExit, commandSaid], [logExit, logSaid]] = await Promise.all([
    shell.ended,
    command.over,
    log.over,
  ]);
  // Nothing else ends them: the command sleeps, and the log goes on.
  expect([exit, commandExit, logExit]).toEqual([6, 125, 6]);
  for (const said of [commandSaid, logSaid]) expect(said).toContain("The token was revoked.");
  const answer = await fetch(`${agent.url}/rpc/info`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(401);
  expect(await device.ws("list")).toMatchObject({ code: 6, stderr: expect.stringContaining("ws pair") as string });
  // What it did and its end stand in the audit by its name and id.
  expect((await agent.ws(["audit", "--json"])).stdout).toContain(id);
});
