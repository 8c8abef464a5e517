import type { Terminal } from "@xterm/xterm";
import { useRef, useState } from "react";
import { copyText } from "../../../components/copy-text.ts";
import type { Scheme } from "../../../terminal-look/schemes.ts";
import type { CopyKeys } from "./copy-mode.ts";
import { createCopyScreen, type CopyScreen } from "./copy-screen.ts";
import type { Position } from "./grid.ts";

interface CopyModeOptions {
  scheme: () => Scheme;
  search: () => void;
  /** Says how that went: how many lines were copied, or that the browser did not let the page. */
  onCopied: (said: string) => void;
}

/** Copy mode of a terminal: what is selected by keys or by a finger, instead of being typed. */
export function useCopyMode(options: CopyModeOptions) {
  const [isOn, setIsOn] = useState(false);
  const [isLow, setIsLow] = useState(false);
  const screen = useRef<CopyScreen | undefined>(undefined);

  const begin = (terminal: Terminal): CopyScreen => {
    screen.current ??= createCopyScreen(terminal, options.scheme());
    setIsOn(true);
    setIsLow(screen.current.isLow());
    return screen.current;
  };
  const leave = () => {
    screen.current?.dispose();
    screen.current = undefined;
    setIsOn(false);
  };
  const copy = async () => {
    const text = screen.current?.text() ?? "";
    leave();
    options.onCopied(await copied(text));
  };
  const act = (keys: CopyKeys): boolean => {
    const { current } = screen;
    if (current === undefined) return false;
    const outcome = current.press(keys);
    setIsLow(current.isLow());
    if (outcome === "leave") leave();
    if (outcome === "copy") void copy();
    if (outcome === "search") {
      leave();
      options.search();
    }
    return true;
  };
  return {
    isOn,
    /** Whether its cursor is in the lower half. */
    isLow,
    begin,
    leave,
    copy,
    /** Whether a key belonged to it. */
    press(event: KeyboardEvent): boolean {
      if (screen.current === undefined) return false;
      // What belongs to nothing here is not typed either; the browser's own keys stay.
      if (event.type !== "keydown") return true;
      if (!event.metaKey && !/^F\d+$/.test(event.key)) event.preventDefault();
      return act(event);
    },
    /** The same for a key of the touch keys, or one of which a phone's keyboard says no more than its letter. */
    pressNamed: (key: string): boolean => act({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false }),
    selectWord(terminal: Terminal, at: Position) {
      const begun = begin(terminal);
      begun.selectWord(at);
      setIsLow(begun.isLow());
    },
    selectTo(at: Position) {
      screen.current?.selectTo(at);
      setIsLow(screen.current?.isLow() === true);
    },
  };
}

/** Puts a text on the clipboard, and says how that went. */
export async function copied(text: string): Promise<string> {
  if (text === "") return "There is nothing to copy";
  if (!(await copyText(text))) return "The browser did not let it be copied";
  const lines = text.split("\n").length;
  return lines === 1 ? "Copied" : `Copied ${lines} lines`;
}
