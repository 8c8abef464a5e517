import { cloneElement, useState, type ComponentProps, type ComponentType, type ReactElement } from "react";
import { useServices } from "../services.ts";
import { loadAgain } from "./lazy-part.ts";
import { useToaster } from "./ui/toast.tsx";

type Trigger = ReactElement<ComponentProps<"button">>;

/** What the menu of a `MenuButton` is made with, once its button was pressed. */
export interface Pressed {
  /** The button, to be drawn again as what opens the menu. */
  trigger: Trigger;
  /** Pressed by a key: the menu's first item is then chosen. */
  byKey: boolean;
}

interface MenuButtonProps<P> {
  trigger: Trigger;
  /** Loads the menu, which is a module of its own. */
  load: () => Promise<{ default: ComponentType<P & Pressed> }>;
  /** What that menu is about. */
  given: P;
}

/**
 * A button whose menu is loaded and made when it is first opened: the first screen is there before what menus are made of,
 * and a list has hundreds.
 */
export function MenuButton<P extends object>({ trigger, load, given }: MenuButtonProps<P>) {
  const { timers } = useServices();
  const toaster = useToaster();
  const [opened, setOpened] = useState<{ Menu: ComponentType<P & Pressed>; byKey: boolean }>();
  if (opened !== undefined) return <opened.Menu {...given} trigger={trigger} byKey={opened.byKey} />;
  const open = (byKey: boolean) => {
    loadAgain(load, timers).then(
      ({ default: Menu }) => setOpened({ Menu, byKey }),
      (error: unknown) => toaster.failed("The menu could not be loaded", error),
    );
  };
  return cloneElement(trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    // A press by a key has no place and no count.
    onClick: ({ detail }) => open(detail === 0),
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      open(true);
    },
  });
}
