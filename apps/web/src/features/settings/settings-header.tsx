import { createContext, use, type ReactNode } from "react";
import { PageHeader } from "../../components/ui/page.tsx";
import type { SettingsSection } from "./sections.ts";

/** The section that is shown. */
export const SectionContext = createContext<SettingsSection | undefined>(undefined);

/** The heading of the section that it stands in. */
export function SettingsHeader({ actions }: { actions?: ReactNode }) {
  const section = use(SectionContext);
  return <PageHeader title={section?.label} description={section?.about} actions={actions} />;
}
