import type { AgentOptions } from "@ws/agent";
import type { Context } from "../context.ts";
import { cut } from "./cut.ts";
import { printable } from "./printable.ts";

type Told = Required<Pick<AgentOptions, "onImage" | "write" | "writeLog">>;

/**
 * Shows how far the image of workspaces is while the agent runs: in one live line on a terminal, which everything else that is printed
 * passes above, in two plain ones in a pipe.
 */
export function createImageProgress({ io, isLive }: Pick<Context, "io" | "isLive">): Told {
  const { stderr, stdout } = io;
  const live = isLive();
  /** What is being done, where something is. */
  let title: string | undefined;
  let line = "";

  const clear = (): void => void (live && line !== "" && stderr.write("\r\u001b[K"));
  const draw = (): void => void (live && line !== "" && stderr.write(line));

  function begin(isOwn: boolean): string {
    const begun = isOwn ? "Building workspace image..." : "Fetching workspace image...";
    // Whoever looks later sees that it went on for a while.
    if (!live) stderr.write(`${begun}\n`);
    return begun;
  }

  return {
    onImage(news) {
      if (news.type === "progress") {
        title ??= begin(news.isOwn);
        const { step, percent } = news;
        // What is cut off where the line is full is not how far it is.
        const far = percent === undefined ? "" : ` ${percent} %`;
        const said = `${title}${far} ${printable(step).replaceAll("\n", " ")}`;
        clear();
        line = cut(said, (stderr.columns ?? 80) - 1);
        return draw();
      }
      if (title === undefined) return;
      clear();
      stderr.write(`${title} ${news.type}\n`);
      title = undefined;
      line = "";
    },
    write(text) {
      clear();
      stdout.write(text);
      draw();
    },
    writeLog(text) {
      clear();
      stderr.write(text);
      draw();
    },
  };
}
