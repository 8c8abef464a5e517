import { isDefinedError, safe } from "@orpc/client";
import { createAgentClient } from "@ws/rpc-contract/client";

export async function ask(url: string, token: string, clone: string): Promise<string> {
  const client = createAgentClient({ url, token: () => token });
  const { error } = await safe(
    client.workspaces.create({ name: "demo", clone, idempotencyKey: "demo for the README" }),
  );
  if (isDefinedError(error)) return `${error.code}, ${error.data.code}: ${error.message}`;
  if (error !== null) throw error; // nobody answered, or not an agent
  const { stdout } = await client.workspaces.exec({ name: "demo", command: "git log -1 --oneline" });
  return stdout;
}
