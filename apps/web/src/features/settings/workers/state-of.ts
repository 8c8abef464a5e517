import type { WorkerInfo } from "@ws/rpc-contract";
import { ago } from "../../../components/amounts.ts";

interface State {
  tone: "good" | "plain" | "warn";
  text: string;
  /** What brings it here. */
  next?: string;
}

/** How a worker stands by `now`, in words, and what can be done about it. */
export function stateOf({ state, lastSeen, latencyMs }: WorkerInfo, now: number): State {
  const seen = lastSeen === undefined ? "" : `, seen ${ago(lastSeen, now)}`;
  switch (state) {
    case "online":
      return { tone: "good", text: latencyMs === undefined ? "Online" : `Online, ${Math.round(latencyMs)} ms away` };
    case "offline":
      return { tone: "plain", text: `Offline${seen}`, next: "It comes back by itself; what runs there goes on." };
    case "expected":
      return { tone: "plain", text: "Not there yet", next: "Start its agent as this hub said when it was added." };
    case "revoked":
      return { tone: "warn", text: `Token revoked${seen}`, next: "Remove it and add it again to let it back in." };
  }
}
