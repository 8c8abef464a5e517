import type { WorkspaceInfo } from "@ws/rpc-contract";
import { expect } from "vitest";
import { engineHoldings, type AgentProcess } from "./agent-process.ts";
import { borrowers } from "./borrowers.ts";

/** Every workspace is running, stopped or failed with its reason, and neither the engine nor the cache of objects holds anything beside them. */
export async function expectAgreement(agent: AgentProcess): Promise<WorkspaceInfo[]> {
  const workspaces = await settled(agent);
  for (const workspace of workspaces) {
    expect(["running", "stopped", "error"]).toContain(workspace.status);
    if (workspace.status === "error") expect(workspace.failure?.message).toBeTruthy();
  }
  const { containers, volumes, networks } = await engineHoldings(agent.instance);
  const placed = workspaces.filter(({ status }) => status !== "error");
  expect(containers.toSorted()).toEqual(placed.map(({ containerId }) => containerId).toSorted());
  expect(volumes.toSorted()).toEqual(placed.map(({ id }) => `workspace-${id}-home`).toSorted());
  const cloned = placed.filter(({ repo }) => repo !== undefined);
  expect((await borrowers(agent)).toSorted()).toEqual(cloned.map(({ id }) => id).toSorted());
  expect(networks.length).toBeLessThanOrEqual(1);
  return workspaces;
}

/** The list once nothing is under way any more: a new agent answers while it still goes on with what was interrupted. */
async function settled(agent: AgentProcess): Promise<WorkspaceInfo[]> {
  let workspaces: WorkspaceInfo[] = [];
  const underWay = async (): Promise<number> => {
    workspaces = await agent.client.workspaces.list();
    return workspaces.filter(({ operation }) => operation !== undefined).length;
  };
  await expect.poll(underWay, { timeout: 30_000 }).toBe(0);
  return workspaces;
}
