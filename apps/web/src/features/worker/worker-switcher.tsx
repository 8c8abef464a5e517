import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { MenuButton } from "../../components/menu-button.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useServices } from "../../services.ts";
import { useWorkers } from "./use-workers.ts";
import { WorkerName } from "./worker-name.tsx";

const loadChoices = () => import("./worker-choices.tsx");

/** Which worker the page is about, and the way to the others where there are any. */
export function WorkerSwitcher() {
  const { worker, hub } = useServices();
  const { workers = [] } = useWorkers(false);
  const { data: info } = useQuery(hub.info.queryOptions());
  if (worker === undefined && workers.length === 0) return <WorkerName name={info?.hostname} />;
  const own = info?.hostname ?? "This worker";
  return (
    <MenuButton
      trigger={
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
      }
      load={loadChoices}
      given={{ own }}
    />
  );
}
