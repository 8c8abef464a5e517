import { randomUUID } from "node:crypto";
import { useState } from "react";
import { shortRepository } from "../../output/workspace.ts";
import { Field, TITLE_WIDTH } from "../parts/field.tsx";
import { Line, Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { useApp } from "../state/app-context.ts";
import { useStore } from "../state/store.ts";

const FIELDS = ["name", "branch", "base"] as const;

/** What a new workspace is called, and which branch it has. It is made while its page is looked at, or nothing is. */
export function Create({ clone }: { clone: string | undefined }) {
  const app = useApp();
  const taken = useStore(app.session.workspaces) ?? [];
  // One key for one form: pressing twice makes one workspace.
  const [idempotencyKey] = useState(randomUUID);
  const [proposal] = useState(() =>
    freeName(
      clone,
      taken.map(({ name }) => name),
    ),
  );
  const [values, setValues] = useState({ name: "", branch: "", base: "" });
  const [at, setAt] = useState(0);
  const fields = clone === undefined ? FIELDS.slice(0, 1) : FIELDS;
  const create = async (): Promise<void> => {
    const [name, branch, base] = [values.name.trim() || proposal, values.branch.trim(), values.base.trim()];
    const isHere = app.here();
    const made = await app.session.client.workspaces.create({
      name,
      wait: false,
      idempotencyKey,
      ...(clone === undefined ? {} : { clone }),
      ...(branch === "" ? {} : { branch }),
      ...(base === "" ? {} : { base }),
    });
    if (isHere()) app.goTo({ screen: "workspace", id: made.id });
  };
  const move = (by: number): void => setAt((before) => (before + by + fields.length) % fields.length);
  return (
    <Page
      screen="create"
      path={["new workspace", clone === undefined ? "empty" : shortRepository(clone)]}
      keysFor="input"
      actions={{
        create,
        ...(fields.length > 1 && { next: () => move(1), previous: () => move(-1) }),
      }}
    >
      <Line pieces={[["Repository".padEnd(TITLE_WIDTH), "muted"], clone ?? "none: an empty home"]} />
      {fields.map((field, index) => (
        <Field
          key={field}
          title={TITLES[field]}
          value={values[field]}
          placeholder={field === "name" ? proposal : PLACEHOLDERS[field]}
          focused={index === at}
          onInput={(value) => setValues((before) => ({ ...before, [field]: value }))}
        />
      ))}
      <Line pieces={[" "]} />
      <Words
        pieces={[
          ["Lower-case letters, digits and hyphens make a name. Everything else is as the worker has it set.", "muted"],
        ]}
      />
    </Page>
  );
}

const TITLES = { name: "Name", branch: "Branch", base: "From" } as const;
const PLACEHOLDERS = {
  branch: "one of its own",
  base: "the repository's default branch",
} as const;

/** As the repository is called, as far as a workspace can be, with a number where that is taken. */
function freeName(clone: string | undefined, taken: readonly string[]): string {
  const own =
    shortRepository(clone ?? "")
      .split("/")
      .at(-1) ?? "";
  const wanted =
    own
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "demo";
  for (let number = 2, free = wanted; ; free = `${wanted}-${number}`, number += 1) {
    if (!taken.includes(free)) return free;
  }
}
