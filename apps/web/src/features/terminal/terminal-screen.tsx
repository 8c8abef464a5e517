import { createPrediction, type Prediction } from "@ws/rpc-contract/prediction";
import {
  connectTerminal,
  type TerminalConnection,
  type TerminalSink,
  type TerminalState,
} from "@ws/rpc-contract/terminal-client";
import { Eye } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { schemeOf } from "../../terminal-look/schemes.ts";
import { useServices } from "../../services.ts";
import { ConnectionOverlay } from "./connection-overlay.tsx";
import { commandOf, type TerminalCommand } from "./commands.ts";
import { followSize, shrinkToFit } from "./follow-size.ts";
import { useFadingCount } from "./use-fading-count.ts";
import { PROBLEMS } from "./refusals.ts";
import { createPredictedScreen } from "./predicted-overlay.ts";
import { createScreen, type Screen } from "./screen.ts";
import { TouchKeys } from "./touch-keys.tsx";
import { encodeBinary, encodeText, withCtrl } from "./typed.ts";

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
  /** A key of the page's, not of the program's; whether it did something. Absent where there is nothing but this terminal. */
  command?: (command: TerminalCommand) => boolean;
  /** Shift+Escape: the way out for the keyboard, because Tab belongs to the program. */
  leave: () => void;
}

/** One terminal: an xterm, its connection, and what is to be said about it. */
export default function TerminalScreen(props: TerminalScreenProps) {
  const { workspace, terminal, name, active, screenReader } = props;
  const services = useServices();
  const theme = useSyncExternalStore(services.theme.subscribe, services.theme.shown);
  const look = useSyncExternalStore(services.terminalLook.subscribe, services.terminalLook.look);
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<TerminalState>({ kind: "connecting", problem: undefined });
  const [skipped, addSkipped] = useFadingCount();
  const [lost, addLost] = useFadingCount();
  const [link, setLink] = useState<string>();
  const [ctrl, setCtrl] = useState(false);
  const [readOnly, setReadOnly] = useState(props.token !== undefined);
  const [open, setOpen] = useState<{ screen: Screen; connection: TerminalConnection; type: (data: string) => void }>();
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
      look: services.terminalLook.look(),
      screenReader,
      onLinkHover: setLink,
    });
    const first = screen.fitting();
    if (first !== undefined) screen.terminal.resize(first.cols, first.rows);
    const prediction = createPrediction({ screen: createPredictedScreen(screen.terminal), timers: services.timers });
    let bearer: string | undefined;
    const connection = connectTerminal({
      connection: services.connection,
      open: () => services.openTerminalSocket(now.current.props.workspace, now.current.props.token),
      token() {
        bearer = now.current.props.token ?? services.session.token();
        // The session is the hub's. Who has a link is judged by the worker that made it, too.
        return services.worker === undefined ? bearer : now.current.props.token;
      },
      readOnly: now.current.props.token !== undefined,
      terminal: now.current.props.name,
      ...(now.current.props.create ? {} : { id: terminal }),
      create: now.current.props.create,
      size: () => ({ cols: screen.terminal.cols, rows: screen.terminal.rows }),
      sink: predicted(screen.sink, prediction),
      timers: services.timers,
      random: services.random,
      onState(next) {
        setState(next);
        prediction.reset();
        if (next.kind === "attached") {
          setReadOnly(next.readOnly === true);
          now.current.props.onAttached?.(next.name);
        }
        if (next.kind === "refused" && next.refusal === "unauthorized" && now.current.props.token === undefined) {
          services.session.end(next.problem ?? PROBLEMS.unauthorized, bearer);
        }
        if (next.kind !== "reconnecting" && next.kind !== "connecting") now.current.props.onListChanged();
      },
      onSkipped: addSkipped,
      onLost: addLost,
      onTaken: prediction.taken,
    });
    const type = (data: string, encode = encodeText) => {
      if (connection.send(encode(data))) prediction.typed(data, connection.typed());
    };
    screen.terminal.onData((data) => {
      type(now.current.ctrl ? withCtrl(data) : data);
      setCtrl(false);
    });
    screen.terminal.onBinary((data) => type(data, encodeBinary));
    const obey = (command: TerminalCommand): boolean => {
      if (command.kind !== "leave") return now.current.props.command?.(command) === true;
      now.current.props.leave();
      return true;
    };
    screen.terminal.attachCustomKeyEventHandler((event) => {
      const command = commandOf(event);
      if (command === undefined) return true;
      if (event.type !== "keydown") return false;
      if (!obey(command)) return true;
      event.preventDefault();
      return false;
    });
    setOpen({ screen, connection, type });
    return () => {
      connection.close();
      screen.dispose();
      setOpen(undefined);
    };
    // A workspace that is renamed keeps its terminals, and a terminal that is renamed its program: names are read when they are needed.
  }, [services, terminal, screenReader, addSkipped, addLost]);

  useEffect(() => open?.screen.setLook(look, theme), [open, look, theme]);

  useEffect(() => {
    if (open === undefined || element.current === null) return;
    open.screen.setReadOnly(readOnly);
    if (readOnly) return shrinkToFit(element.current, open.screen);
    return followSize(element.current, open.screen, open.connection);
  }, [open, readOnly]);

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

  return (
    <div className="flex min-h-0 flex-1 flex-col" style={{ background: schemeOf(look.scheme, theme).ground }}>
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
          ctrl={ctrl}
          onCtrl={() => setCtrl(!ctrl)}
          onKey={(data) => {
            open?.type(data);
            open?.screen.terminal.focus();
          }}
        />
      )}
    </div>
  );
}

/** The same, and what is painted is compared with what was foretold. */
function predicted(sink: TerminalSink, { changed }: Prediction): TerminalSink {
  const then = (parsed: () => void) => () => {
    parsed();
    changed();
  };
  return {
    ...sink,
    write: (bytes, parsed) => sink.write(bytes, then(parsed)),
    repaint: (bytes, parsed) => sink.repaint(bytes, then(parsed)),
  };
}
