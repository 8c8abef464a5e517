import { createPrediction, type Prediction } from "@ws/rpc-contract/prediction";
import {
  connectTerminal,
  type TerminalConnection,
  type TerminalSink,
  type TerminalState,
} from "@ws/rpc-contract/terminal-client";
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from "react";
import { useServices } from "../../services.ts";
import { followSize, shrinkToFit } from "./follow-size.ts";
import { createPredictedScreen } from "./predicted-overlay.ts";
import { PROBLEMS } from "./refusals.ts";
import { createScreen, type Screen } from "./screen.ts";
import type { TerminalScreenProps } from "./terminal-screen.tsx";
import { encodeBinary, encodeText } from "./typed.ts";
import { useFadingCount } from "./use-fading-count.ts";

export interface OpenTerminal {
  screen: Screen;
  connection: TerminalConnection;
  type: (data: string) => void;
}

interface Listeners {
  /** What is sent for what was typed or pasted; nothing for "". */
  typed: (data: string) => string;
  /** Whether a key was not the program's. */
  press: (event: KeyboardEvent, opened: OpenTerminal) => boolean;
}

/** One xterm in an element and its connection, for as long as that is on the page. */
export function useOpenTerminal(element: RefObject<HTMLElement | null>, props: TerminalScreenProps, on: Listeners) {
  const { terminal, active, screenReader } = props;
  const services = useServices();
  const theme = useSyncExternalStore(services.theme.subscribe, services.theme.shown);
  const look = useSyncExternalStore(services.terminalLook.subscribe, services.terminalLook.look);
  const [state, setState] = useState<TerminalState>({ kind: "connecting", problem: undefined });
  const [skipped, addSkipped] = useFadingCount();
  const [lost, addLost] = useFadingCount();
  const [link, setLink] = useState<string>();
  const [readOnly, setReadOnly] = useState(props.token !== undefined);
  const [open, setOpen] = useState<OpenTerminal>();
  /** What the long-lived listeners below read at the time they are called. */
  const now = useRef({ props, on });
  useEffect(() => {
    now.current = { props, on };
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
    const opened = { screen, connection, type };
    screen.terminal.onData((data) => {
      const sent = now.current.on.typed(data);
      if (sent !== "") type(sent);
    });
    screen.terminal.onBinary((data) => type(data, encodeBinary));
    screen.terminal.attachCustomKeyEventHandler((event) => !now.current.on.press(event, opened));
    setOpen(opened);
    return () => {
      connection.close();
      screen.dispose();
      setOpen(undefined);
    };
    // A workspace that is renamed keeps its terminals, and a terminal that is renamed its program: names are read when they are needed.
  }, [element, services, terminal, screenReader, addSkipped, addLost]);

  useEffect(() => open?.screen.setLook(look, theme), [open, look, theme]);

  useEffect(() => {
    if (open === undefined || element.current === null) return;
    open.screen.setReadOnly(readOnly);
    if (readOnly) return shrinkToFit(element.current, open.screen);
    return followSize(element.current, open.screen, open.connection);
  }, [element, open, readOnly]);

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

  return { open, state, skipped, lost, link, readOnly, look, theme };
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
