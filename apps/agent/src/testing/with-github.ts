import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startFakeGitHub } from "@ws/credentials/testing";
import { onTestFinished } from "vitest";
import { startTestAgent, type TestAgent } from "./test-agent.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const KEY = privateKey.export({ type: "pkcs1", format: "pem" });
export const REPO = "https://github.com/org/repo";
export const hex = (): string => randomBytes(20).toString("hex");

export async function start(options: { env?: Record<string, string>; configDirectory?: string } = {}) {
  const github = await startFakeGitHub({ appId: "7", publicKey });
  onTestFinished(() => github[Symbol.asyncDispose]());
  github.installations = [{ id: 1, permissions: { contents: "write", metadata: "read" }, repositories: ["org/repo"] }];
  const { configDirectory, env = {} } = options;
  const agent = await startTestAgent({
    env: { WS_GITHUB_API_URL: github.apiUrl, ...env },
    ...(configDirectory === undefined ? {} : { configDirectory }),
  });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const { credentials, workspaces, config, audit } = agent.local;
  return { github, agent, credentials, workspaces, config, audit };
}

/** Everything that the worker wrote, but for the store of secrets itself. */
export function written({ configDirectory, logged }: TestAgent): string {
  const files = readdirSync(configDirectory, { recursive: true, encoding: "utf8" })
    .map((name) => join(configDirectory, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith("secrets.json"));
  return [...files.map((path) => readFileSync(path, "latin1")), ...logged].join("\n");
}
