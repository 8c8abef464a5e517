import { Eye } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { lazyPart } from "../../components/lazy-part.ts";
import { DialogFrame } from "../../components/dialog-frame.tsx";
import { cn } from "../../components/ui/cn.ts";
import { useServices } from "../../services.ts";
import { schemeOf } from "../../terminal-look/schemes.ts";
import { commandOf, type TerminalCommand } from "./commands.ts";
import { ConnectionOverlay } from "./connection-overlay.tsx";
import { CopyBar } from "./copy/copy-bar.tsx";
import { copied, useCopyMode } from "./copy/use-copy-mode.ts";
import { pasteable } from "./pasted.ts";
import { SearchBar } from "./search-bar.tsx";
import { keyOf, sequenceOf, withModifiers } from "./touch/modifiers.ts";
import { followTouch } from "./touch/touch-gestures.ts";
import { TouchKeys } from "./touch/touch-keys.tsx";
import { useCovered } from "./touch/use-covered.ts";
import { useModifiers } from "./touch/use-modifiers.ts";
import { useOpenTerminal, type OpenTerminal } from "./use-open-terminal.ts";
import { useSaid } from "./use-said.ts";

const PasteSheet = lazyPart(() => import("./paste-sheet.tsx"));

/** Something that is asked of a terminal from beside it, each time with another `count`. */
export interface TerminalRequest {
  kind: "search" | "copyMode" | "paste";
  count: number;
}

export interface TerminalScreenProps {
  workspace: string;
  /** Its id, which stays. */
  terminal: string;
  /** What it is called, by which it is opened where it does not run. */
  name: string;
  /** Whether to start the program where the terminal does not exist. */
  create: boolean;
  /** Shown now; a hidden one keeps its screen and its connection. */
  active: boolean;
  screenReader: boolean;
  /** Attached, ended, gone: the worker's list may have changed. */
  onListChanged: () => void;
  /** It is attached, under this name. */
  onAttached?: (name: string) => void;
  /** Of a terminal that was shared; this browser's own where absent. */
  token?: string;
  /** Absent where there are no tabs. */
  closeTab?: () => void;
  startAgain: () => void;
  request?: TerminalRequest | undefined;
  /** A key of the page's, not of the program's; whether it did something. Absent where there is nothing but this terminal. */
  command?: (command: TerminalCommand) => boolean;
  /** Shift+Escape: the way out for the keyboard, because Tab belongs to the program. */
  leave: () => void;
}

/** One terminal: an xterm, its connection, and what is to be said about it. */
export default function TerminalScreen(props: TerminalScreenProps) {
  const { workspace, name, request } = props;
  const { terminalLook, theme: themes } = useServices();
  const frame = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const covered = useCovered(frame);
  const { modifiers, tap, used } = useModifiers();
  const [isSearching, setIsSearching] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const [isPasting, setIsPasting] = useState(false);
  const [said, say] = useSaid();
  const search = () => {
    setIsSearching(true);
    searchField.current?.focus();
    searchField.current?.select();
  };
  const copyMode = useCopyMode({
    scheme: () => schemeOf(terminalLook.look().scheme, themes.shown()),
    search,
    onCopied: say,
  });

  const obey = (command: TerminalCommand, { screen: { terminal } }: OpenTerminal): boolean => {
    if (command.kind === "leave") props.leave();
    else if (command.kind === "search") search();
    else if (command.kind === "copyMode") {
      if (copyMode.isOn) copyMode.leave();
      else copyMode.begin(terminal);
    } else if (command.kind === "copy") {
      if (copyMode.isOn) void copyMode.copy();
      else if (terminal.hasSelection()) void copied(terminal.getSelection()).then(say);
    } else return props.command?.(command) === true;
    return true;
  };
  const { open, state, skipped, lost, link, readOnly, look, theme } = useOpenTerminal(element, props, {
    typed: (data) => (data.length === 1 && copyMode.pressNamed(data) ? "" : withModifiers(data, used())),
    press(event, opened) {
      const command = commandOf(event);
      if (command === undefined) return copyMode.press(event);
      if (event.type !== "keydown") return true;
      const isDone = obey(command, opened);
      if (isDone) event.preventDefault();
      return isDone;
    },
  });
  const xterm = open?.screen.terminal;
  const focus = useCallback(() => xterm?.focus(), [xterm]);
  const scheme = schemeOf(look.scheme, theme);

  const paste = async () => {
    // Absent outside a secure context, whatever its type says.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    try {
      if (clipboard === undefined) throw new Error("There is no clipboard to read from.");
      xterm?.paste(pasteable(await clipboard.readText()));
      focus();
    } catch {
      setIsPasting(true);
    }
  };

  /** What the listeners of fingers and of requests read at the time they are called. */
  const now = useRef({ copyMode, paste, search, look, say });
  useEffect(() => {
    now.current = { copyMode, paste, search, look, say };
  });

  useEffect(() => {
    if (request === undefined || xterm === undefined) return;
    if (request.kind === "search") now.current.search();
    else {
      xterm.focus();
      if (request.kind === "copyMode") now.current.copyMode.begin(xterm);
      else void now.current.paste();
    }
  }, [request, xterm]);

  useEffect(() => {
    const place = element.current;
    if (xterm === undefined || place === null) return;
    let sizeBefore = 0;
    const endTouch = followTouch(xterm, place, {
      onLongPress: (at) => now.current.copyMode.selectWord(xterm, at),
      onDrag: (at) => now.current.copyMode.selectTo(at),
      // Of a terminal that is watched the letters are as small as it takes: it is the page that is drawn apart.
      ...(!readOnly && {
        onPinch(scale: number, isFirst: boolean) {
          if (isFirst) sizeBefore = now.current.look.size;
          else terminalLook.change({ size: Math.round(sizeBefore * scale * 2) / 2 });
        },
      }),
    });
    const onMouseUp = () => {
      if (!now.current.look.copyOnSelect || !xterm.hasSelection()) return;
      void copied(xterm.getSelection()).then(now.current.say);
    };
    // Before xterm, which pastes whatever there is.
    const onPaste = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      xterm.paste(pasteable(event.clipboardData?.getData("text/plain") ?? ""));
    };
    place.addEventListener("mouseup", onMouseUp);
    place.addEventListener("paste", onPaste, true);
    return () => {
      endTouch();
      place.removeEventListener("mouseup", onMouseUp);
      place.removeEventListener("paste", onPaste, true);
    };
  }, [xterm, terminalLook, readOnly]);

  return (
    <div
      ref={frame}
      className="flex min-h-0 flex-1 flex-col"
      style={{ background: scheme.ground, paddingBottom: covered }}
    >
      {readOnly && state.kind !== "refused" && state.kind !== "ended" && (
        <p className="flex items-center gap-2 border-b border-line bg-raised px-4 py-1.5 text-[0.8125rem] text-ink">
          <Eye className="size-4 shrink-0 text-muted" aria-hidden />
          <span>
            You are watching. <span className="text-muted">What you type goes nowhere.</span>
          </span>
        </p>
      )}
      <div className="relative min-h-0 flex-1" data-terminal-state={state.kind}>
        <div
          ref={element}
          aria-label={`${name} of ${workspace}. Shift and Escape leave it.`}
          role="group"
          className={cn(
            "absolute inset-y-2 right-0 left-3 overflow-hidden transition-opacity data-[faded=true]:opacity-60",
            readOnly ? "touch-pinch-zoom" : "touch-none",
          )}
          data-faded={state.kind !== "attached" && state.kind !== "connecting"}
        />
        {link !== undefined && (
          <p className="absolute bottom-2 left-2 z-10 max-w-[90%] truncate rounded-md border border-line bg-surface px-2 py-1 text-xs text-muted">
            Ctrl+click opens <span className="font-mono text-ink">{link}</span>
          </p>
        )}
        {isSearching && xterm !== undefined && (
          <SearchBar
            terminal={xterm}
            scheme={scheme}
            field={searchField}
            close={() => {
              setIsSearching(false);
              focus();
            }}
          />
        )}
        {copyMode.isOn && <CopyBar copy={() => void copyMode.copy()} leave={copyMode.leave} isAbove={copyMode.isLow} />}
        <p
          role="status"
          className="pointer-events-none absolute inset-x-0 bottom-3 z-10 mx-auto w-fit rounded-lg border border-line bg-surface px-3 py-1.5 text-[0.8125rem] text-ink shadow-float empty:hidden"
        >
          {said}
        </p>
        <ConnectionOverlay
          state={state}
          isGuest={props.token !== undefined}
          skipped={skipped}
          lost={lost}
          retry={() => open?.connection.retryNow()}
          closeTab={props.closeTab}
          startAgain={props.startAgain}
        />
      </div>
      {!readOnly && (
        <TouchKeys
          modifiers={modifiers}
          tap={tap}
          press={(key) => {
            if (copyMode.pressNamed(keyOf(key))) return;
            open?.type(sequenceOf(key, used(), xterm?.modes.applicationCursorKeysMode === true));
            focus();
          }}
          paste={() => void paste()}
          resize={(by) => terminalLook.change({ size: look.size + by })}
        />
      )}
      {isPasting && (
        <DialogFrame close={() => setIsPasting(false)}>
          <PasteSheet
            paste={(text) => xterm?.paste(pasteable(text))}
            close={() => setIsPasting(false)}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              focus();
            }}
          />
        </DialogFrame>
      )}
    </div>
  );
}
