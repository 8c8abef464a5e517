import type { DeviceInfo, PairingEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { toProblem, type Problem } from "../../../problem.ts";

export type OpenPairing = Awaited<ReturnType<AgentClient["pairing"]["open"]>>;
export type PairingScope = OpenPairing["scope"];

export type PairingState =
  | { kind: "opening" }
  /** It could not be opened. */
  | { kind: "failed"; problem: Problem }
  | { kind: "open"; open: OpenPairing; refused?: Refusal }
  | { kind: "paired"; device: DeviceInfo }
  | { kind: "ended"; why: Extract<PairingEvent, { type: "ended" }>["why"] };

/** The last wrong code that came. */
interface Refusal {
  peer: string;
  /** How many more are borne. */
  left: number;
}

interface PairingHereOptions {
  pairing: Pick<AgentClient["pairing"], "open" | "close">;
  /** Watches one until it is over, also where the network fails meanwhile. */
  watch: (id: string, hear: (event: PairingEvent) => void) => { stop(): void };
  scope: PairingScope;
  tell: (state: PairingState) => void;
}

/**
 * One code for one device. `leave` closes the code with what shows it; where that cannot be said any more, as when the browser
 * is killed, the worker closes it by itself, since nobody watches it.
 */
export function pairHere({ pairing, watch, scope, tell }: PairingHereOptions): { leave(): void } {
  let isLeft = false;
  let isOver = false;
  let openId: string | undefined;
  let watching: { stop(): void } | undefined;

  void begin();
  return {
    leave() {
      isLeft = true;
      watching?.stop();
      if (openId !== undefined) close(openId);
    },
  };

  async function begin(): Promise<void> {
    tell({ kind: "opening" });
    try {
      const open = await pairing.open({ scope, attended: true });
      openId = open.id;
      if (isLeft) return close(open.id);
      tell({ kind: "open", open });
      watching = watch(open.id, (event) => hear(open, event));
    } catch (error) {
      if (!isLeft) tell({ kind: "failed", problem: toProblem(error) });
    }
  }

  function hear(open: OpenPairing, event: PairingEvent): void {
    if (isLeft || isOver) return;
    if (event.type === "refused") return tell({ kind: "open", open, refused: { peer: event.peer, left: event.left } });
    isOver = true;
    watching?.stop();
    tell(event.type === "paired" ? { kind: "paired", device: event.device } : { kind: "ended", why: event.why });
  }

  function close(id: string): void {
    if (!isOver) pairing.close({ id }).catch(() => undefined);
  }
}
