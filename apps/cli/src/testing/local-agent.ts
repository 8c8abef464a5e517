import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startAgent } from "@ws/agent";
import { run } from "../run.ts";
import { createFakeIo } from "./fake-io.ts";

export interface LocalAgent extends AsyncDisposable {
  /** Where commands are given, and the home of the one who gives them. */
  readonly directory: string;
  readonly configDirectory: string;
  readonly url: string;
  /** Ends the agent; its workspaces go on. */
  close(): Promise<void>;
  /** Runs a command line beside the agent. */
  ws(argv: readonly string[], input?: string): Promise<{ code: number; out: string; err: string }>;
}

/** An agent in this process, whose workspaces are directories and processes of this machine. */
export async function startLocalAgent(further: Record<string, string> = {}): Promise<LocalAgent> {
  const directory = mkdtempSync(join(tmpdir(), "ws-cli-"));
  const configDirectory = join(directory, "config");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: directory,
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
    WS_GIT_NAME: "Ada",
    WS_GIT_EMAIL: "ada@example.test",
    ...further,
  };
  const agent = await startAgent({ configDirectory, env, port: 0, write: () => {}, writeLog: () => {} });
  return {
    directory,
    configDirectory,
    url: agent.url,
    close: () => agent.close(),
    async ws(argv, input) {
      const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
      const stdin = input === undefined ? io.stdin : Readable.from([Buffer.from(input)]);
      const code = await run(argv, { ...io, cwd: directory, stdin });
      return { code, out: io.out(), err: io.err() };
    },
    async [Symbol.asyncDispose]() {
      await agent.close();
      rmSync(directory, { recursive: true });
    },
  };
}
