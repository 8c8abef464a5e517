import { ArrowLeft } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { PartFrame } from "../../components/part-boundary.tsx";
import { Page, PageHeader } from "../../components/ui/page.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { ClosedSection } from "./closed-section.tsx";
import { findSettings } from "./find.ts";
import { suffices, useAskedCaller } from "./scope.ts";
import { SectionList } from "./section-list.tsx";
import { SECTIONS, sectionOf, type SettingsSection } from "./sections.ts";
import { SectionContext, SettingsHeader } from "./settings-header.tsx";

/** The list of all settings, or one section with the list beside it. On a phone it is one or the other. */
export default function SettingsView({ id }: { id: string | undefined }) {
  const [text, setText] = useState("");
  const found = useMemo(() => findSettings(SECTIONS, text), [text]);
  const section = id === undefined ? undefined : sectionOf(id);
  const search = <SearchField label="Find a setting" value={text} change={setText} />;
  if (section === undefined)
    return (
      <Page>
        <PageTitle>Settings</PageTitle>
        <PageHeader title="Settings" />
        {id !== undefined && (
          <p role="status" className="mb-4 text-sm text-muted">
            There is no section of that name. These are all there are.
          </p>
        )}
        <div className="mb-6">{search}</div>
        <nav aria-label="Settings">
          <SectionList found={found} />
        </nav>
      </Page>
    );
  return (
    <div className="flex min-h-0 flex-1">
      <PageTitle>{`${section.label} · Settings`}</PageTitle>
      <nav
        aria-label="Settings"
        className="w-60 shrink-0 space-y-4 overflow-y-auto border-r border-line px-3 py-5 max-md:hidden lg:w-64"
      >
        {search}
        <SectionList found={found} narrow />
      </nav>
      {/* Another section begins at its top. */}
      <Page key={section.id}>
        <Link
          to="/settings"
          className="-mt-2 -ml-1 mb-1 inline-flex min-h-11 items-center gap-1.5 rounded-lg px-1 text-sm font-medium text-muted hover:text-ink md:hidden"
        >
          <ArrowLeft className="size-4" aria-hidden />
          Settings
        </Link>
        <SectionContext value={section}>
          <OpenSection section={section} />
        </SectionContext>
      </Page>
    </div>
  );
}

function OpenSection({ section: { needs, Component } }: { section: SettingsSection }) {
  const { data: caller, isPending } = useAskedCaller();
  // What is refused anyway is not asked for. Where it cannot be told who asks, the section says what is wrong.
  if (needs !== undefined && isPending) return <SectionLoading />;
  if (needs !== undefined && caller !== undefined && !suffices(caller.scope, needs))
    return <ClosedSection caller={caller} needs={needs} />;
  return (
    <PartFrame fallback={<SectionLoading />}>
      <Component />
    </PartFrame>
  );
}

function SectionLoading() {
  return (
    <>
      <SettingsHeader />
      <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />
    </>
  );
}
