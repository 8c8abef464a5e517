import { useEffect } from "react";
import { useNavigate } from "react-router";
import { useVerbRegistry } from "../components/verbs/verbs-context.tsx";

/** Offers each section of the settings by what can be set in it. They are loaded with the first look for a verb. */
export function useSettingsVerbs(): void {
  const registry = useVerbRegistry();
  const navigate = useNavigate();
  useEffect(() => {
    let left = false;
    let withdraw: (() => void) | undefined;
    const load = async () => {
      const { SECTIONS } = await import("../features/settings/sections.ts");
      if (left || withdraw !== undefined) return;
      withdraw = registry.offer(() =>
        SECTIONS.map(({ id, label, Icon, about, finds }) => ({
          id: `settings ${id}`,
          label: `Settings: ${label}`,
          group: "Go to",
          words: `${about} ${finds.join(" ")}`,
          icon: Icon,
          searchedOnly: true,
          run: () => void navigate(`/settings/${id}`),
        })),
      );
    };
    const leave = registry.subscribe(() => {
      // What does not come is tried at the next look; the settings themselves are offered anyway.
      if (registry.panel() === "palette") load().catch(() => undefined);
    });
    return () => {
      left = true;
      leave();
      withdraw?.();
    };
  }, [registry, navigate]);
}
