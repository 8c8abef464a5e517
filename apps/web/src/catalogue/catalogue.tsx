import { useSyncExternalStore } from "react";
import { Mark } from "../components/mark.tsx";
import { SegmentedControl } from "../components/ui/segmented.tsx";
import type { ThemeStore } from "../theme.ts";
import { Controls } from "./controls.tsx";
import { Foundations } from "./foundations.tsx";
import { Shapes } from "./shapes.tsx";

const PARTS = [
  { title: "Foundations", Part: Foundations },
  { title: "Controls", Part: Controls },
  { title: "Shapes", Part: Shapes },
];

/** Every piece that the dashboard is built from, in one place: for who is new here, and for the eye of who changes one. */
export function Catalogue({ theme }: { theme: ThemeStore }) {
  const shown = useSyncExternalStore(theme.subscribe, theme.shown);
  return (
    <main className="mx-auto max-w-4xl px-4 py-8 sm:px-6">
      <header className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="flex items-center gap-2.5 text-lg font-semibold">
          <Mark className="size-7" />
          Components
        </h1>
        <SegmentedControl
          label="Theme"
          value={shown}
          change={theme.choose}
          choices={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
          ]}
        />
      </header>
      {PARTS.map(({ title, Part }) => (
        <section key={title} aria-label={title} className="mt-10">
          <h2 className="mb-4 text-lg font-semibold">{title}</h2>
          <div className="rounded-xl border border-line bg-surface p-5 sm:p-6">
            <Part />
          </div>
        </section>
      ))}
    </main>
  );
}
