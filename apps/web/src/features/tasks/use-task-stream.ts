import type { TaskInfo, TaskOutput } from "@ws/rpc-contract";
import { useEffect, useState } from "react";
import { followStream } from "../../follow-stream.ts";
import { toProblem, type Problem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { isOver } from "../../tasks/live-tasks.ts";

/** What makes something to be shown of the pieces of an output. */
export interface Reading<T> {
  add(piece: TaskOutput): void;
  shown(): T;
}

export interface TaskStream<T> {
  /** Undefined until something was said. */
  shown: T | undefined;
  stream: "loading" | "live" | "reconnecting" | "ended";
  /** Why it cannot be read; it is not tried again by itself. */
  problem: Problem | undefined;
}

/**
 * What a task says from an attempt on, as it says it; after a lost connection it goes on where it was. A component that
 * shows another task or attempt is another one: give it a key. `begin` has to be the same function each time.
 */
export function useTaskStream<T>(
  { id }: Pick<TaskInfo, "id">,
  attempt: number,
  begin: () => Reading<T>,
): TaskStream<T> {
  const { client, connection } = useServices();
  const [state, setState] = useState<TaskStream<T>>({ shown: undefined, stream: "loading", problem: undefined });
  useEffect(() => {
    const reading = begin();
    let from = { attempt, offset: 0 };
    let painting = 0;
    const paint = () => {
      painting = 0;
      setState((before) => ({ ...before, shown: reading.shown() }));
    };
    const following = followStream<TaskOutput>({
      connection,
      open: (signal) => client.tasks.output({ task: id, ...from, follow: true }, { signal }),
      onOpen: () => setState((before) => ({ ...before, stream: "live" })),
      onEvent(piece) {
        reading.add(piece);
        from = { attempt: piece.attempt, offset: piece.end };
        painting ||= requestAnimationFrame(paint);
      },
      onLost: () => setState((before) => ({ ...before, stream: "reconnecting" })),
      // An agent that goes away ends it without a word.
      isOver: async (signal) => isOver(await client.tasks.get({ task: id }, { signal })),
      onEnd: (refused) =>
        setState((before) => ({
          ...before,
          stream: "ended",
          ...(refused === undefined ? {} : { problem: toProblem(refused) }),
        })),
    });
    return () => {
      following.stop();
      cancelAnimationFrame(painting);
    };
  }, [client, connection, id, attempt, begin]);
  return state;
}
