import { Accessibility, CircleDot, EllipsisVertical, Plus } from "lucide-react";
import type { ComponentProps, Ref } from "react";
import { MenuButton } from "../../components/menu-button.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Tooltip } from "../../components/ui/tooltip.tsx";
import { TabStrip } from "./tab-strip.tsx";
import type { TerminalItemsProps } from "./terminal-items.tsx";

const loadItems = () => import("./terminal-items.tsx");

interface TerminalTabsProps extends Omit<ComponentProps<typeof TabStrip>, "ref"> {
  ref: Ref<HTMLDivElement>;
  add: () => void;
  /** What the active one is called; absent where there is none. */
  shown: string | undefined;
  /** What can be done to the active one; absent where it does not run. */
  items: TerminalItemsProps | undefined;
  /** Whether the active one is recorded; absent where it does not run. */
  recording?: boolean | undefined;
  record: (on: boolean) => void;
  screenReader: boolean;
  onScreenReader: (on: boolean) => void;
}

/** The bar over the screens: the tabs, and what is done to the active one. */
export function TerminalTabs(props: TerminalTabsProps) {
  const { ref, add, shown, items, recording, record, screenReader, onScreenReader, ...strip } = props;
  const { active, close } = strip;
  return (
    <div className="flex shrink-0 items-center gap-1 border-b border-line bg-raised/60 px-2 sm:px-4">
      <TabStrip ref={ref} {...strip} />
      {active !== undefined && (
        <button
          type="button"
          className="sr-only rounded-md px-2 py-1 text-[0.8125rem] focus-visible:not-sr-only"
          onClick={() => close(active)}
        >
          Close {shown ?? active}
        </button>
      )}
      <Button variant="ghost" size="iconSmall" aria-label="New terminal" onClick={add}>
        <Plus aria-hidden />
      </Button>
      <span className="flex-1" />
      {recording !== undefined && (
        <Tooltip content={recording ? "Stop recording and save it" : "Record what is shown, whoever looks or not"}>
          <Button
            variant={recording ? "pressed" : "ghost"}
            size={recording ? "small" : "iconSmall"}
            aria-label={recording ? "Stop recording" : "Record"}
            onClick={() => record(!recording)}
          >
            <CircleDot aria-hidden className={recording ? "animate-pulse text-bad motion-reduce:animate-none" : ""} />
            {recording && <span className="max-sm:hidden">Recording</span>}
          </Button>
        </Tooltip>
      )}
      <Tooltip content="Screen reader mode: the rows are in the page as text">
        <Button
          variant={screenReader ? "pressed" : "ghost"}
          size="iconSmall"
          aria-label="Screen reader mode"
          aria-pressed={screenReader}
          onClick={() => onScreenReader(!screenReader)}
        >
          <Accessibility aria-hidden />
        </Button>
      </Tooltip>
      {items !== undefined && (
        <MenuButton
          trigger={
            <Button variant="ghost" size="iconSmall" aria-label={`Actions of ${shown ?? active}`}>
              <EllipsisVertical aria-hidden />
            </Button>
          }
          load={loadItems}
          given={items}
        />
      )}
    </div>
  );
}
