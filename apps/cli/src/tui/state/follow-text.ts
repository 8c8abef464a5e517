import { follow, type Connection } from "@ws/rpc-contract/connection";
import { useEffect, useState } from "react";
import { toCliError } from "../../errors.ts";

/** More is not looked at in a terminal; the commands have it whole. */
const KEPT = 200_000;
/** What comes at once is drawn at once. */
const TOGETHER_MS = 40;

export interface FollowedText {
  /** The last of it, as it came. */
  readonly text: string;
  /** Whether anything was told yet, were it nothing. */
  readonly isThere: boolean;
  /** Why there will be no more. */
  readonly problem: string | undefined;
}

export interface TextSource<T> {
  readonly connection: Connection;
  /** After the event with that id, where one was taken. */
  readonly open: (signal: AbortSignal, after: string | undefined) => Promise<AsyncIterable<T>>;
  readonly idOf: (event: T) => string | undefined;
  readonly textOf: (event: T) => string;
  /** Asked where the worker ended the stream: whether that was all. */
  readonly isOver: (signal: AbortSignal) => Promise<boolean>;
}

const NOTHING: FollowedText = { text: "", isThere: false, problem: undefined };

/** A text that grows, for as long as it is shown; over every loss of the connection. Another `source` is another text. */
export function useFollowedText<T>(source: TextSource<T>): FollowedText {
  const [followed, setFollowed] = useState(NOTHING);
  useEffect(() => {
    const over = new AbortController();
    let text = "";
    let drawing: NodeJS.Timeout | undefined;
    const draw = (): void => {
      drawing = undefined;
      setFollowed({ text, isThere: true, problem: undefined });
    };
    follow({
      connection: source.connection,
      open: source.open,
      idOf: source.idOf,
      isOver: source.isOver,
      onOpen: () => void (drawing ??= setTimeout(draw, TOGETHER_MS)),
      onEvent(event) {
        text = (text + source.textOf(event)).slice(-KEPT);
        drawing ??= setTimeout(draw, TOGETHER_MS);
      },
      signal: over.signal,
    }).catch((error: unknown) => {
      if (over.signal.aborted) return;
      setFollowed((before) => ({ ...before, isThere: true, problem: toCliError(error).message }));
    });
    return () => {
      over.abort();
      clearTimeout(drawing);
      setFollowed(NOTHING);
    };
  }, [source]);
  return followed;
}
