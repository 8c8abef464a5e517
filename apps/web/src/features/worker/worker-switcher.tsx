import { useQuery } from "@tanstack/react-query";
import { Check, ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { useServices } from "../../services.ts";
import { dashboardOf } from "../../worker-address.ts";
import { useWorkers } from "./use-workers.ts";
import { stateText } from "./worker-state.ts";
import { WorkerName } from "./worker-name.tsx";

/** Which worker the page is about, and the way to the others where there are any. */
export default function WorkerSwitcher() {
  const { worker, hub } = useServices();
  const [open, setOpen] = useState(false);
  const { workers = [], at } = useWorkers(open);
  const { data: info } = useQuery(hub.info.queryOptions());
  if (worker === undefined && workers.length === 0) return <WorkerName name={info?.hostname} />;
  const own = info?.hostname ?? "This worker";
  return (
    <DropdownMenu modal={false} open={open} onOpenChange={setOpen}>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="small"
          data-switcher
          className="min-w-0 shrink gap-1.5 border border-line pr-1.5 text-ink pointer-coarse:h-12 short:h-8"
        >
          <span className="sr-only">Worker: </span>
          <span className="truncate font-mono">{worker ?? own}</span>
          <ChevronsUpDown className="text-muted" aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="max-h-[70dvh] w-72 max-w-[92vw] overflow-y-auto">
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
      </DropdownMenuContent>
    </DropdownMenu>
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
