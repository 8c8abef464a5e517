import { useEffect, useRef, useState } from "react";
import { createOutputLines, type Output } from "../../../components/output/output-lines.ts";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

interface State {
  name: string;
  output: Output | undefined;
  isRunning: boolean;
  hasFailed: boolean;
  /** How far it is, in a sentence. */
  said: string;
}

const NONE: State = { name: "", output: undefined, isRunning: false, hasFailed: false, said: "" };
/** Characters of what they say that are kept. */
const MOST = 400_000;

export interface Run extends State {
  begin: (name: string) => void;
  stop: () => void;
}

/** Runs the scripts in a workspace. A connection that is lost ends them: to begin them anew by itself could do harm. */
export function useRun(): Run {
  const { client } = useServices();
  const [state, setState] = useState<State>(NONE);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (name: string, { signal }: AbortController) => {
    const lines = createOutputLines(MOST);
    let end = 0;
    let painting = 0;
    const paint = () => {
      painting = 0;
      setState((before) => ({ ...before, output: lines.output() }));
    };
    const finish = (hasFailed: boolean, said: string) => {
      cancelAnimationFrame(painting);
      setState({ name, output: lines.output(), isRunning: false, hasFailed, said });
    };
    try {
      for await (const event of await client.workspaces.followScripts({ name }, { signal })) {
        if (event.type === "ended") {
          const failed = event.outcomes.filter(({ exitCode }) => exitCode !== 0);
          const how = failed.map(({ script, exitCode }) => `${script} ended with ${exitCode}`).join("; ");
          return finish(failed.length > 0, failed.length === 0 ? "All of them went well." : `${how}.`);
        }
        const text = `${event.line}\n`;
        // Lines have no offsets of their own: what was said before is theirs.
        lines.add({ attempt: 1, offset: end, end: (end += text.length), text });
        painting ||= requestAnimationFrame(paint);
      }
      finish(true, "The connection was lost, which ends them.");
    } catch (error) {
      if (signal.aborted) return finish(false, "Stopped.");
      const { message, next } = toProblem(error);
      finish(true, [message, next].join(" "));
    }
  };

  return {
    ...state,
    begin(name) {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      setState({
        name,
        output: createOutputLines(MOST).output(),
        isRunning: true,
        hasFailed: false,
        said: `Running in ${name}…`,
      });
      void run(name, mine);
    },
    stop: () => running.current?.abort(),
  };
}
