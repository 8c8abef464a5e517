import { useParams } from "react-router";
import { lazyPart } from "../components/lazy-part.ts";
import { LoadingLines } from "../components/loading-lines.tsx";
import { PartFrame } from "../components/part-boundary.tsx";

const SettingsView = lazyPart(() => import("../features/settings/settings-view.tsx"));

/** What holds for the worker and for this browser. */
export function SettingsPage() {
  const { section } = useParams();
  return (
    <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="p-6" />}>
      <SettingsView id={section} />
    </PartFrame>
  );
}
