import type { TerminalInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { useMemo } from "react";
import { useLoaded, type Loaded } from "./load.ts";

interface Question {
  client: AgentClient;
  /** Of the workspace. */
  name: string;
  isRunning: boolean;
  /** Asked again when it is another. */
  changes: number;
}

/** The terminals of a workspace; none of one that does not run. */
export function useTerminals({ client, name, isRunning, changes }: Question): Loaded<readonly TerminalInfo[]> {
  const question = useMemo(() => ({ client, name, isRunning, changes }), [client, name, isRunning, changes]);
  return useLoaded(question, list);
}

async function list({ client, name, isRunning }: Question, signal: AbortSignal): Promise<readonly TerminalInfo[]> {
  return isRunning ? client.terminals.list({ name }, { signal }) : [];
}
