import type { WorkerInfo } from "@ws/rpc-contract";
import { ago } from "../../components/amounts.ts";

const AWAY: Readonly<Record<Exclude<WorkerInfo["state"], "online">, string>> = {
  offline: "Offline",
  expected: "Not there yet",
  revoked: "Token revoked",
};

/** How a worker stands, in a few words. */
export function stateText({ state, lastSeen, running = 0 }: WorkerInfo, now: number): string {
  if (state === "online") return running === 0 ? "Online" : `Online, ${running} running`;
  return lastSeen === undefined ? AWAY[state] : `${AWAY[state]}, seen ${ago(lastSeen, now)}`;
}
