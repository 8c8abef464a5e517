import type { ConnectionState } from "@ws/rpc-contract/connection";
import { useTerminalDimensions } from "@opentui/react";
import { LOST_BECAUSE } from "../../following/lost-because.ts";
import { useApp } from "../state/app-context.ts";
import { useStore, type Readable } from "../state/store.ts";
import { Words } from "./line.tsx";

/** What is asked, or was said last; else what is wrong with the way to the worker. Takes no row where there is nothing. */
export function StatusLine() {
  const { session, notice, question } = useApp();
  const asked = useStore(question);
  const said = useStore(notice);
  const connection = useStore(stateOf(session.connection));
  const problem = useStore(session.problem);
  // Where one is, a row of space and the keys, which say how to answer, have theirs first.
  const rows = Math.max(1, Math.min(6, useTerminalDimensions().height - 3));
  if (asked !== undefined) return <Words pieces={[[asked.statement, "strong"]]} rows={rows} />;
  if (said !== undefined) return <Words pieces={[[said.text, said.isBad ? "bad" : "plain"]]} rows={rows} />;
  const lost = lostText(connection) ?? problem;
  return lost === undefined ? null : <Words pieces={[[lost, "bad"]]} rows={Math.min(3, rows)} />;
}

function stateOf({ state, subscribe }: { state: () => ConnectionState } & Pick<Readable<unknown>, "subscribe">) {
  return { get: state, subscribe };
}

function lostText(state: ConnectionState): string | undefined {
  if (state.kind === "stopped") return state.problem.message;
  if (state.kind !== "down") return undefined;
  const why = state.problem === undefined ? "" : ` ${state.problem.message}`;
  return `${LOST_BECAUSE[state.cause]}${why} Trying again; what is shown is from before.`;
}
