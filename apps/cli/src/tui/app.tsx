import { Component, useMemo, useRef, useState, type ReactNode } from "react";
import { toCliError } from "../errors.ts";
import { Answer } from "./screens/answer.tsx";
import { Create } from "./screens/create.tsx";
import { Inbox } from "./screens/inbox.tsx";
import { List } from "./screens/list.tsx";
import { Logs } from "./screens/logs.tsx";
import { Repository } from "./screens/repository.tsx";
import { EditSetting } from "./screens/setting.tsx";
import { Settings } from "./screens/settings.tsx";
import { Task } from "./screens/task.tsx";
import { Tasks } from "./screens/tasks.tsx";
import { TerminalScreen } from "./screens/terminal.tsx";
import { Workers } from "./screens/workers.tsx";
import { Workspace } from "./screens/workspace.tsx";
import {
  AppContext,
  type App as AppState,
  type Notice,
  type OtherWorkers,
  type Place,
  type Question,
  type Route,
} from "./state/app-context.ts";
import type { Session } from "./state/session.ts";
import { createStore } from "./state/store.ts";

export interface AppProps {
  /** Of the worker that is shown first. */
  session: Session;
  workers: OtherWorkers;
  /** What is told to type next, as it can be typed here. */
  asCalled: (text: string) => string;
  quit: () => void;
  /** Resolves to whether there was a shell to go back to. */
  suspend: () => Promise<boolean>;
  /** The names of the workspaces that the worker does something to; kept up here. */
  underWay: Set<string>;
  /** Something that cannot go on: a defect. */
  crash: (error: unknown) => void;
}

/** The screens, one above another. */
export function App({ session: first, workers, asCalled, quit, suspend, underWay, crash }: AppProps) {
  const [stack, setStack] = useState<readonly Route[]>([FIRST]);
  /** The stack as it will be drawn. */
  const shown = useRef(stack);
  /** What asks another worker. */
  const asking = useRef<AbortController>(undefined);
  const [session, setSession] = useState(first);
  const [notice] = useState(() => createStore<Notice | undefined>(undefined));
  const [question] = useState(() => createStore<Question | undefined>(undefined));
  const [places] = useState(() => new WeakMap<Route, Place>());
  const app = useMemo<AppState>(() => {
    const report = (error: unknown): void => {
      const { message, next = "" } = toCliError(error);
      notice.set({ text: asCalled(`${message} ${next}`.trimEnd()), isBad: true });
    };
    const show = (screens: readonly Route[]): void => {
      asking.current?.abort();
      // What was asked on one screen is not answered on another.
      question.set(undefined);
      shown.current = screens;
      setStack(screens);
    };
    const back = (): boolean => {
      if (shown.current.length === 1) return false;
      show(shown.current.slice(0, -1));
      return true;
    };
    return {
      session,
      asCalled,
      notice,
      question,
      ask: question.set,
      unask: () => question.set(undefined),
      here() {
        const top = shown.current.at(-1);
        return () => shown.current.at(-1) === top;
      },
      place() {
        const top = shown.current.at(-1) ?? FIRST;
        return { get: () => places.get(top), set: (place) => void places.set(top, place) };
      },
      async during(name, work) {
        underWay.add(name);
        return work.finally(() => underWay.delete(name));
      },
      workers,
      async use(worker) {
        asking.current?.abort();
        const { signal } = (asking.current = new AbortController());
        notice.set({ text: `Asking ${worker.name} …`, isBad: false });
        try {
          const next = await workers.use(worker, signal);
          notice.set(undefined);
          setSession(next);
          // Another one, so that nothing of the former worker's is asked there.
          show([{ ...FIRST }]);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      },
      open: (route) => show([...shown.current, route]),
      openInbox() {
        const at = shown.current.findIndex(({ screen }) => screen === "inbox");
        show(at === -1 ? [...shown.current, { screen: "inbox" }] : shown.current.slice(0, at + 1));
      },
      goTo: (route) => show([FIRST, route]),
      back: () => void back(),
      close: () => void (back() || quit()),
      quit,
      async suspend() {
        if (!(await suspend())) notice.set({ text: "There is no shell to go back to.", isBad: true });
      },
      act(run) {
        try {
          run()?.catch(report);
        } catch (error) {
          crash(error);
        }
      },
    };
  }, [session, workers, notice, question, places, asCalled, quit, suspend, underWay, crash]);
  return (
    <Boundary crash={crash}>
      <AppContext value={app}>
        <Screen route={stack.at(-1) ?? FIRST} />
      </AppContext>
    </Boundary>
  );
}

const FIRST: Route = { screen: "list" };

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "list":
      return <List />;
    case "workspace":
      return <Workspace id={route.id} />;
    case "terminal":
      return <TerminalScreen id={route.id} terminal={route.terminal} />;
    case "repository":
      return <Repository />;
    case "create":
      return <Create clone={route.clone} />;
    case "tasks":
      return <Tasks workspace={route.workspace} />;
    case "inbox":
      return <Inbox />;
    case "task":
      return <Task id={route.id} />;
    case "answer":
      return <Answer id={route.task} />;
    case "logs":
      return <Logs id={route.id} />;
    case "settings":
      return <Settings />;
    case "setting":
      return <EditSetting setting={route.setting} />;
    case "workers":
      return <Workers />;
  }
}

/** What throws while it is drawn leaves nothing on the screen that anybody could use. */
class Boundary extends Component<{ crash: (error: unknown) => void; children: ReactNode }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.crash(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}
