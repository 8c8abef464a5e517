import { useMemo, useState } from "react";
import type { AgentClient } from "@ws/rpc-contract/client";
import { shortRepository } from "../../output/workspace.ts";
import { Field } from "../parts/field.tsx";
import { Line, Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { useLoaded } from "../state/load.ts";

/** What a new workspace can be made of. */
interface Source {
  /** Undefined for an empty home. */
  readonly clone: string | undefined;
  readonly title: string;
  readonly about: string;
}

/** Which repository a new workspace is made of: one that the worker reaches, a project, what is typed, or none. */
export function Repository() {
  const app = useApp();
  const { client } = app.session;
  const [typed, setTyped] = useState("");
  const search = isAddress(typed) ? "" : typed.trim();
  const unfit = unfitScheme(typed);
  const question = useMemo(() => ({ client, search }), [client, search]);
  const repositories = useLoaded(question, reachable, search === "" ? 0 : REST_MS);
  const projects = useLoaded(client, registered);
  const found = [
    ...(projects.kind === "there" ? projects.value.filter(({ title }) => title.includes(search)) : []),
    ...(repositories.kind === "there" ? repositories.value.sources : []),
  ];
  const sources: Source[] = isAddress(typed)
    ? unfit !== undefined
      ? []
      : [{ clone: typed.trim(), title: typed.trim(), about: "as it is typed" }]
    : search === ""
      ? [EMPTY, ...found]
      : found;
  const selection = useSelection(sources, idOf);
  const choose = ({ clone }: Source): void => app.open({ screen: "create", clone });
  const { item, keys } = selection;
  return (
    <Page
      screen="repository"
      path={["new workspace"]}
      keysFor="input"
      actions={{
        ...(item !== undefined && { choose: () => choose(item) }),
        ...(sources.length > 1 && { up: keys.up, down: keys.down }),
      }}
    >
      <Field
        title="Repository"
        value={typed}
        placeholder="type to search, or a URL such as https://host/owner/repo"
        focused
        onInput={setTyped}
      />
      <Line pieces={[" "]} />
      {sources.length > 0 && <Rows columns={COLUMNS} selection={selection} onOpen={choose} />}
      {unfit !== undefined && (
        <Remark text={`'${unfit}' leads to no repository: a URL begins with https:// or ssh://.`} isBad />
      )}
      {sources.length === 0 && unfit === undefined && repositories.kind !== "loading" && (
        <Remark text={`${repositories.kind === "there" ? noneHas(search) : ""}${ANOTHER_WAY}`} isBad={false} />
      )}
      <Remark
        text={
          repositories.kind === "failed"
            ? repositories.why
            : repositories.kind === "loading"
              ? "Asking the worker …"
              : !repositories.value.configured
                ? app.asCalled("The worker has no login at a forge, whose repositories it could list: ws login github.")
                : ""
        }
        isBad={repositories.kind === "failed"}
      />
    </Page>
  );
}

const REST_MS = 200;
const ANOTHER_WAY = "Type a URL such as https://host/owner/repo, or clear the line for an empty home.";
const EMPTY: Source = { clone: undefined, title: "none", about: "an empty home" };
const idOf = ({ clone = "" }: Source): string => clone;

const COLUMNS: readonly Column<Source>[] = [
  { title: "REPOSITORY", cell: ({ title }) => title },
  { title: "ABOUT", cell: ({ about }) => about || "-", tone: () => "muted" },
];

function noneHas(search: string): string {
  return `Nothing that the worker reaches has '${search}' in its name. `;
}

function Remark({ text, isBad }: { text: string; isBad: boolean }) {
  return text === "" ? null : <Words pieces={[[text, isBad ? "bad" : "muted"]]} rows={3} />;
}

/** Whether this leads to a repository by itself: a URL, `git@host:path` or a reference. */
function isAddress(typed: string): boolean {
  return /^\s*(?:[a-z+]+:\/\/|[\w.-]+@[\w.-]+:|#|\/|\.{1,2}\/)/i.test(typed);
}

/** A scheme that no worker clones from; undefined of what has none, or is not yet typed so far. */
function unfitScheme(typed: string): string | undefined {
  const [, scheme] = /^\s*([a-z+]+):\/\//i.exec(typed) ?? [];
  return scheme === undefined || /^(?:https|ssh)$/i.test(scheme) ? undefined : `${scheme}://`;
}

async function reachable(
  { client, search }: { client: AgentClient; search: string },
  signal: AbortSignal,
): Promise<{ configured: boolean; sources: Source[] }> {
  const { configured, repos } = await client.github.listRepos(
    { perPage: 50, ...(search === "" ? {} : { search }) },
    { signal },
  );
  const about = (description: string, isPrivate: boolean): string =>
    [...(isPrivate ? ["private"] : []), ...(description === "" ? [] : [description])].join(", ");
  return {
    configured,
    sources: repos.map(({ fullName, url, description, private: isPrivate }) => ({
      clone: url,
      title: fullName,
      about: about(description, isPrivate),
    })),
  };
}

async function registered(client: AgentClient, signal: AbortSignal): Promise<Source[]> {
  const { projects } = await client.projects.list(undefined, { signal });
  return projects.flatMap(({ name, url, bareRepoDir }) => {
    const clone = url ?? (bareRepoDir === undefined ? undefined : `#git:${name}`);
    return clone === undefined
      ? []
      : [{ clone, title: name, about: `project, ${url === undefined ? "on the worker" : shortRepository(url)}` }];
  });
}
