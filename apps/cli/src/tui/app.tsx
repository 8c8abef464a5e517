import { Component, useMemo, useState, type ReactNode } from "react";
import { toCliError } from "../errors.ts";
import { Create } from "./screens/create.tsx";
import { List } from "./screens/list.tsx";
import { Repository } from "./screens/repository.tsx";
import { TerminalScreen } from "./screens/terminal.tsx";
import { Workspace } from "./screens/workspace.tsx";
import { AppContext, type App as AppState, type Notice, type Question, type Route } from "./state/app-context.ts";
import type { Session } from "./state/session.ts";
import { createStore } from "./state/store.ts";

export interface AppProps {
  session: Session;
  /** What is told to type next, as it can be typed here. */
  asCalled: (text: string) => string;
  quit: () => void;
  suspend: () => void;
  /** Something that cannot go on: a defect. */
  crash: (error: unknown) => void;
}

/** The screens, one above another. */
export function App({ session, asCalled, quit, suspend, crash }: AppProps) {
  const [stack, setStack] = useState<readonly Route[]>([FIRST]);
  const app = useMemo<AppState>(() => {
    const notice = createStore<Notice | undefined>(undefined);
    const report = (error: unknown): void => {
      const { message, next = "" } = toCliError(error);
      notice.set({ text: asCalled(`${message} ${next}`.trimEnd()), isBad: true });
    };
    return {
      session,
      notice,
      question: createStore<Question | undefined>(undefined),
      open: (route) => setStack((screens) => [...screens, route]),
      goTo: (route) => setStack([FIRST, route]),
      back: () => setStack((screens) => (screens.length > 1 ? screens.slice(0, -1) : (quit(), screens))),
      quit,
      suspend,
      act(run) {
        try {
          run()?.catch(report);
        } catch (error) {
          crash(error);
        }
      },
    };
  }, [session, asCalled, quit, suspend, crash]);
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
