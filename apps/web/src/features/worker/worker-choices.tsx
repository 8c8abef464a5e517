import { Check, LayoutGrid } from "lucide-react";
import { useState } from "react";
import type { Pressed } from "../../components/menu-button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { DropdownMenuItem, PressedMenu } from "../../components/ui/dropdown-menu.tsx";
import { useServices } from "../../services.ts";
import { dashboardOf } from "../../worker-address.ts";
import { useWorkers } from "./use-workers.ts";
import { stateText } from "./worker-state.ts";

/** The hub under its `own` name and the workers behind it, as they stand while they are looked at. */
export default function WorkerChoices({ own, ...pressed }: { own: string } & Pressed) {
  const { worker } = useServices();
  const [open, setOpen] = useState(true);
  const { workers = [], at } = useWorkers(open);
  return (
    <PressedMenu
      {...pressed}
      modal={false}
      onOpenChange={setOpen}
      align="start"
      className="max-h-[70dvh] w-72 max-w-[92vw] overflow-y-auto"
    >
      <DropdownMenuItem asChild className="min-h-12">
        <a href="/workers">
          <LayoutGrid aria-hidden />
          All workers
        </a>
      </DropdownMenuItem>
      <Choice name={own} says="The hub of the others" isOnline isHere={worker === undefined} to={undefined} />
      {workers.map((one) => (
        <Choice
          key={one.id}
          name={one.name}
          says={stateText(one, at)}
          isOnline={one.state === "online"}
          isHere={one.name === worker}
          to={one.name}
        />
      ))}
    </PressedMenu>
  );
}

interface ChoiceProps {
  name: string;
  says: string;
  isOnline: boolean;
  isHere: boolean;
  to: string | undefined;
}

/** A link, so that a worker can be opened beside this one. Its page is loaded anew: nothing of this one belongs to that. */
function Choice({ name, says, isOnline, isHere, to }: ChoiceProps) {
  return (
    <DropdownMenuItem asChild className="min-h-12">
      <a href={dashboardOf(to)} aria-current={isHere ? "page" : undefined}>
        <span className={cn("size-2 shrink-0 rounded-full", isOnline ? "bg-good" : "border-[1.5px] border-muted")} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-mono text-[0.8125rem]">{name}</span>
          <span className="block text-xs text-muted">{says}</span>
        </span>
        {isHere && <Check aria-hidden />}
      </a>
    </DropdownMenuItem>
  );
}
