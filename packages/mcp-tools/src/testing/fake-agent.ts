import type { CallerInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";

/** An agent that knows its caller and answers these procedures, by path: `workspaces.get`. Every call is remembered. */
export function fakeAgent(
  caller: CallerInfo,
  answers: Record<string, (input: never, options?: { signal?: AbortSignal }) => unknown> = {},
): { client: AgentClient; calls: [path: string, input: unknown][] } {
  const calls: [string, unknown][] = [];
  const at = (path: string): unknown =>
    new Proxy(() => undefined, {
      get: (_target, key) => at(path === "" ? String(key) : `${path}.${String(key)}`),
      apply: async (_target, _self, [input, options]: [never, { signal?: AbortSignal }]) => {
        if (path === "auth.whoami") return caller;
        calls.push([path, input]);
        const answer = answers[path];
        if (answer === undefined) throw new Error(`nobody answers ${path}`);
        return answer(input, options);
      },
    });
  return { client: at("") as AgentClient, calls };
}
