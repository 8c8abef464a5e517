import { useCallback, useEffect, useRef, useState } from "react";
import { followStream, type Following } from "../../../follow-stream.ts";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { createLoginMarker } from "./login-marker.ts";

export type LoginState =
  | { kind: "none" }
  | { kind: "asking" }
  | { kind: "code"; userCode: string; verificationUri: string; expires: string }
  | { kind: "done"; host: string; login?: string | undefined }
  | { kind: "failed"; problem: Problem };

export interface Login {
  state: LoginState;
  begin: () => void;
  /** Its code is worth nothing from then on. */
  cancel: () => void;
}

/** A login of the worker's to its GitHub. It outlasts a page that is loaded anew, and a network that is away for a moment. */
export function useLogin(onDone: () => void): Login {
  const { client, connection } = useServices();
  const [marker] = useState(() => createLoginMarker(sessionStorage, Date.now));
  const [goesOn] = useState(() => marker.take());
  const [state, setState] = useState<LoginState>({ kind: goesOn ? "asking" : "none" });
  const following = useRef<Following>(undefined);
  const done = useRef(onDone);
  useEffect(() => void (done.current = onDone), [onDone]);

  const join = useCallback(() => {
    following.current?.stop();
    let isDone = false;
    let refusal: Problem | undefined;
    following.current = followStream({
      connection,
      open: (signal) =>
        untilRefused(client.credentials.login({ lasting: true }, { signal }), (problem) => (refusal = problem)),
      onEvent(step) {
        if (step.type === "code") return setState({ kind: "code", ...step });
        isDone = true;
        setState({ kind: "done", host: step.host, login: step.login });
      },
      onLost: () => undefined,
      isOver: async () => isDone || refusal !== undefined,
      onEnd(refused) {
        following.current = undefined;
        if (isDone) done.current();
        else if (refusal !== undefined) setState({ kind: "failed", problem: refusal });
        else if (refused !== undefined) setState({ kind: "failed", problem: toProblem(refused) });
      },
    });
  }, [client, connection]);

  useEffect(() => {
    const leave = () => following.current !== undefined && marker.leave();
    addEventListener("pagehide", leave);
    if (goesOn) join();
    return () => {
      removeEventListener("pagehide", leave);
      leave();
      following.current?.stop();
      following.current = undefined;
    };
  }, [join, goesOn, marker]);

  const begin = () => {
    setState({ kind: "asking" });
    join();
  };

  const cancel = () => {
    following.current?.stop();
    following.current = undefined;
    setState({ kind: "none" });
    // Where it is not heard, the login ends by itself within a minute.
    client.credentials.cancelLogin().catch(() => undefined);
  };
  return { state, begin, cancel };
}

/** With these a login is over; what else breaks, breaks on the way, and it is gone on with. */
const ENDS: ReadonlySet<string> = new Set([
  "credential_rejected",
  "credential_expired",
  "credential_invalid",
  "forge_refused",
  "aborted",
]);

/** What the worker tells of a login; a refusal ends it like an end, and is told. */
async function untilRefused<T>(
  asked: Promise<AsyncIterable<T>>,
  refuse: (problem: Problem) => void,
): Promise<AsyncIterable<T>> {
  const told = (error: unknown) => {
    const problem = toProblem(error);
    if (!ENDS.has(problem.code)) throw error;
    refuse(problem);
  };
  async function* steps(): AsyncGenerator<T> {
    try {
      yield* await asked;
    } catch (error) {
      told(error);
    }
  }
  return steps();
}
