import { connectTerminal, type TerminalConnection, type TerminalState } from "@ws/rpc-contract/terminal-client";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useServices } from "../../services.ts";
import { ConnectionOverlay } from "./connection-overlay.tsx";
import { PROBLEMS } from "./refusals.ts";
import { createScreen, type Screen } from "./screen.ts";
import { titleOf } from "./tabs.ts";
import { TouchKeys } from "./touch-keys.tsx";
import { encodeBinary, encodeText, withCtrl } from "./typed.ts";

export interface TerminalScreenProps {
  workspace: string;
  terminal: string;
  /** Whether to start the program where the terminal does not exist. */
  create: boolean;
  /** Shown now; a hidden one keeps its screen and its connection. */
  active: boolean;
  screenReader: boolean;
  /** Attached, ended, gone: the worker's list may have changed. */
  onListChanged: () => void;
  closeTab: () => void;
  startAgain: () => void;
  /** Shift+Escape: the way out for the keyboard, because Tab belongs to the program. */
  leave: () => void;
}

const RESIZE_MS = 80;
/** A viewer on another machine takes the size without taking the focus from here, so nothing need come into focus again. */
const USES = ["focusin", "pointerdown", "keydown"] as const;

/** One terminal: an xterm, its connection, and what is to be said about it. */
export default function TerminalScreen(props: TerminalScreenProps) {
  const { workspace, terminal, active, screenReader } = props;
  const services = useServices();
  const theme = useSyncExternalStore(services.theme.subscribe, services.theme.shown);
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<TerminalState>({ kind: "connecting", problem: undefined });
  const [skipped, setSkipped] = useState(0);
  const [link, setLink] = useState<string>();
  const [ctrl, setCtrl] = useState(false);
  const [open, setOpen] = useState<{ screen: Screen; connection: TerminalConnection }>();
  /** What the long-lived listeners below read at the time they are called. */
  const now = useRef({ props, ctrl });
  useEffect(() => {
    now.current = { props, ctrl };
  });

  useEffect(() => {
    if (element.current === null) return;
    const screen = createScreen({
      element: element.current,
      theme: services.theme.shown(),
      fontSize: matchMedia("(width < 40rem)").matches ? 12 : 13.5,
      screenReader,
      onLinkHover: setLink,
    });
    const first = screen.fitting();
    if (first !== undefined) screen.terminal.resize(first.cols, first.rows);
    let bearer: string | undefined;
    const connection = connectTerminal({
      open: () => services.openTerminalSocket(now.current.props.workspace),
      token: () => (bearer = services.session.token()),
      terminal,
      create: now.current.props.create,
      size: () => ({ cols: screen.terminal.cols, rows: screen.terminal.rows }),
      sink: screen.sink,
      timers: services.timers,
      random: services.random,
      onState(next) {
        setState(next);
        if (next.kind === "refused" && next.refusal === "unauthorized") {
          services.session.end(next.problem ?? PROBLEMS.unauthorized, bearer);
        }
        if (next.kind !== "reconnecting" && next.kind !== "connecting") now.current.props.onListChanged();
      },
      onSkipped: (bytes) => setSkipped((before) => before + bytes),
    });
    screen.terminal.onData((data) => {
      connection.send(encodeText(now.current.ctrl ? withCtrl(data) : data));
      setCtrl(false);
    });
    screen.terminal.onBinary((data) => void connection.send(encodeBinary(data)));
    screen.terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== "Escape" || !event.shiftKey) return true;
      if (event.type === "keydown") now.current.props.leave();
      return false;
    });
    setOpen({ screen, connection });
    return () => {
      connection.close();
      screen.dispose();
      setOpen(undefined);
    };
    // A workspace that is renamed keeps its terminals: the name is read when a socket is opened.
  }, [services, terminal, screenReader]);

  useEffect(() => open?.screen.setTheme(theme), [open, theme]);

  useEffect(() => {
    if (open === undefined || element.current === null) return;
    return followSize(element.current, open.screen, open.connection);
  }, [open]);

  useEffect(() => {
    if (open !== undefined && active) open.screen.terminal.focus();
  }, [open, active]);

  useEffect(() => {
    if (open === undefined) return;
    const { retryNow } = open.connection;
    const whenShown = () => document.visibilityState === "visible" && retryNow();
    window.addEventListener("online", retryNow);
    document.addEventListener("visibilitychange", whenShown);
    return () => {
      window.removeEventListener("online", retryNow);
      document.removeEventListener("visibilitychange", whenShown);
    };
  }, [open]);

  useEffect(() => {
    if (skipped === 0) return;
    const timer = setTimeout(() => setSkipped(0), 8_000);
    return () => clearTimeout(timer);
  }, [skipped]);

  return (
    <div className="flex min-h-0 flex-1 flex-col bg-terminal">
      <div className="relative min-h-0 flex-1" data-terminal-state={state.kind}>
        <div
          ref={element}
          aria-label={`${titleOf(terminal)} of ${workspace}. Shift and Escape leave it.`}
          role="group"
          className="absolute inset-y-2 right-0 left-3 overflow-hidden transition-opacity data-[faded=true]:opacity-60"
          data-faded={state.kind !== "attached" && state.kind !== "connecting"}
        />
        {link !== undefined && (
          <p className="absolute bottom-2 left-2 z-10 max-w-[90%] truncate rounded-md border border-line bg-surface px-2 py-1 text-xs text-muted">
            Ctrl+click opens <span className="font-mono text-ink">{link}</span>
          </p>
        )}
        <ConnectionOverlay
          state={state}
          skipped={skipped}
          retry={() => open?.connection.retryNow()}
          closeTab={props.closeTab}
          startAgain={props.startAgain}
        />
      </div>
      <TouchKeys
        ctrl={ctrl}
        onCtrl={() => setCtrl(!ctrl)}
        onKey={(data) => {
          open?.connection.send(encodeText(data));
          open?.screen.terminal.focus();
        }}
      />
    </div>
  );
}

/**
 * Keeps the terminal as large as its place, but only while this viewer has the focus: of two viewers of one terminal
 * the one in use decides, and the other takes the size over.
 */
function followSize(element: HTMLElement, screen: Screen, connection: TerminalConnection): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const apply = () => {
    const size = screen.fitting();
    if (size === undefined || !document.hasFocus() || !element.contains(document.activeElement)) return;
    if (size.cols === screen.terminal.cols && size.rows === screen.terminal.rows) return;
    screen.terminal.resize(size.cols, size.rows);
    connection.resize(size);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, RESIZE_MS);
  };
  const observer = new ResizeObserver(later);
  observer.observe(element);
  // xterm keeps the keys to itself, so they are seen on their way down.
  for (const use of USES) element.addEventListener(use, later, true);
  window.addEventListener("focus", later);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    for (const use of USES) element.removeEventListener(use, later, true);
    window.removeEventListener("focus", later);
  };
}
