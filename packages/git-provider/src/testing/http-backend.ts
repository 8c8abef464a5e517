import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerWithBackend, backendEnvironment } from "../worker-git/http-backend.ts";

/** Answers one request with `git http-backend`, streaming both ways. */
export async function serveWithBackend(
  request: IncomingMessage,
  response: ServerResponse,
  options: { root: string; path: string; query: string; push: boolean; user: string | undefined },
): Promise<void> {
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...backendEnvironment(request, options),
      PATH: process.env["PATH"],
      REMOTE_ADDR: request.socket.remoteAddress,
      ...(options.user === undefined ? {} : { REMOTE_USER: options.user }),
      // The child sees neither the user's nor the system's configuration, which differ from machine to machine.
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_COUNT: "3",
      GIT_CONFIG_KEY_0: "http.receivepack",
      GIT_CONFIG_VALUE_0: String(options.push),
      GIT_CONFIG_KEY_1: "safe.directory",
      GIT_CONFIG_VALUE_1: "*",
      GIT_CONFIG_KEY_2: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_2: "true",
    },
  });
  await answerWithBackend(request, response, backend);
}
