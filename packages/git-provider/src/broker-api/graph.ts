import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";
import { INPUTS, type Shape, MUTATION, QUERY } from "./graph-shapes.ts";
import { ApiRefused, ON_THE_WORKER } from "./refused.ts";

/** What a query of `gh` is about. */
export interface GraphCall {
  /** As it was read, and not as it came: the forge must not read it otherwise. */
  query: string;
  variables: Readonly<Record<string, unknown>>;
  /** The repositories that it names, each of which has to be granted. */
  repositories: { owner: string; repo: string }[];
  /** Ids of what it asks for without a repository: each has to be a pull request of a granted one. */
  nodes: string[];
  /** The id of the pull request that it changes. */
  changes?: string;
  /** Present where it opens a pull request. */
  creates?: { repositoryId: string; head: string; headRepositoryId?: string };
}

interface Reading {
  variables: Readonly<Record<string, unknown>>;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  call: GraphCall;
  /** How many selections were looked at: fragments in fragments grow without end. */
  looked: number;
}

const MOST_SELECTIONS = 2_000;

/** Told first, whatever else it asks for: this is what a person who reads it can do something about. */
const SEARCHES =
  "it searches the whole forge, as 'gh pr status' does, and not only this repository; use 'gh pr list' and 'gh pr view'";

/**
 * Reads a query whole, and takes only what is known at the place where it stands. A name alone would not do: an author leads to
 * everything that the author may see. Throws `ApiRefused`.
 */
export function readGraphCall(body: unknown): GraphCall {
  const { query, variables } = (body ?? {}) as { query?: unknown; variables?: unknown };
  if (typeof query !== "string") throw notLed("it is no query");
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true, maxTokens: 10_000 });
  } catch {
    throw notLed("it cannot be read");
  }
  const [operation, ...others] = document.definitions.filter(isOperation);
  if (operation === undefined || others.length > 0) throw notLed("it is not exactly one operation");
  const fragments = document.definitions.filter(isFragment);
  if (fragments.length + 1 !== document.definitions.length) throw notLed("it defines more than queries");
  const defined = operation.variableDefinitions ?? [];
  // What is said twice could be read the other way round by the forge.
  requireOnce(fragments.map(({ name }) => name.value));
  requireOnce(defined.map(({ variable }) => variable.name.value));
  const defaults = defined.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  const given = { ...(variables as object | null | undefined) };
  const reading: Reading = {
    variables: { ...Object.fromEntries(defaults), ...given },
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    call: { query: print(document), variables: given, repositories: [], nodes: [] },
    looked: 0,
  };
  if (operation.selectionSet.selections.some(isSearch)) throw notLed(SEARCHES);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw notLed("it is a subscription");
  select(operation.selectionSet, operation.operation === OperationTypeNode.QUERY ? QUERY : MUTATION, reading, "");
  return reading.call;
}

function select(set: SelectionSetNode, shape: Shape, reading: Reading, path: string): void {
  for (const selection of set.selections) {
    if (++reading.looked > MOST_SELECTIONS) throw notLed("it asks for too much");
    if (selection.directives?.some(({ name }) => name.value !== "include" && name.value !== "skip") === true) {
      throw notLed("it has a directive");
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      select(selection.selectionSet, shape, reading, path);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = reading.fragments.get(selection.name.value);
      if (fragment === undefined) throw notLed("it uses a fragment that it does not define");
      select(fragment.selectionSet, shape, reading, path);
    } else {
      field(selection, shape, reading, path);
    }
  }
}

function field(node: FieldNode, shape: Shape, reading: Reading, path: string): void {
  const name = node.name.value;
  const at = path === "" ? name : `${path}.${name}`;
  const known = name === "__typename" || (Object.hasOwn(shape, name) ? shape[name] : undefined);
  if (known === undefined) throw notLed(`it asks for ${at}`);
  if (path === "" && shape === QUERY && name === "repository") repository(node, reading);
  if (path === "" && shape === QUERY && name === "node") oneNode(node, reading);
  if (shape === MUTATION) change(node, reading);
  if (node.selectionSet === undefined) return;
  if (known === true) throw notLed(`it asks for more of ${at}`);
  select(node.selectionSet, known, reading, at);
}

function repository(node: FieldNode, { call, variables }: Reading): void {
  const { owner, name, ...others } = argumentsOf(node, variables);
  if (typeof owner !== "string" || typeof name !== "string" || !areHarmless(others))
    throw notLed("it names no repository");
  call.repositories.push({ owner, repo: name });
}

function oneNode(node: FieldNode, { call, variables }: Reading): void {
  const { id } = argumentsOf(node, variables);
  // Each is looked up, so that more than gh ever asks for are not led.
  if (typeof id !== "string" || call.nodes.length > 0) throw notLed("it does not say which pull request it is about");
  call.nodes.push(id);
}

function change(node: FieldNode, { call, variables }: Reading): void {
  const known = INPUTS[node.name.value];
  // One at a time, and from a variable: a literal could say one thing twice.
  const isPlain = node.arguments?.every(({ name, value }) => name.value === "input" && value.kind === Kind.VARIABLE);
  if (known === undefined || isPlain !== true || call.creates !== undefined || call.changes !== undefined) {
    throw notLed("it does not say what it changes");
  }
  const { input } = argumentsOf(node, variables) as { input?: Record<string, unknown> };
  const { [known.of]: id, ...said } = input ?? {};
  const unknown = Object.keys(said).find((name) => name !== "clientMutationId" && !known.takes.includes(name));
  if (unknown !== undefined) throw notLed(`it says ${unknown} in its input`);
  if (typeof id !== "string") throw notLed("it does not say what it changes");
  if (node.name.value !== "createPullRequest") {
    call.changes = id;
    return;
  }
  const { headRefName: head, headRepositoryId: from } = said;
  if (typeof head !== "string" || (from !== undefined && from !== null && typeof from !== "string")) {
    throw notLed("it does not say what it opens");
  }
  call.creates = { repositoryId: id, head, ...(typeof from === "string" ? { headRepositoryId: from } : {}) };
}

function argumentsOf(node: FieldNode, variables: Reading["variables"]): Record<string, unknown> {
  requireOnce((node.arguments ?? []).map(({ name }) => name.value));
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}

function requireOnce(names: readonly string[]): void {
  if (new Set(names).size !== names.length) throw notLed("it says one thing twice");
}

/** `followRenames` only says whether a former name is looked up. */
function areHarmless(others: Record<string, unknown>): boolean {
  return Object.keys(others).every((name) => name === "followRenames");
}

function isSearch(selection: SelectionSetNode["selections"][number]): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === "search";
}

function isOperation(node: DocumentNode["definitions"][number]): node is OperationDefinitionNode {
  return node.kind === Kind.OPERATION_DEFINITION;
}

function isFragment(node: DocumentNode["definitions"][number]): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION;
}

function notLed(why: string): ApiRefused {
  return new ApiRefused(403, `Workspace does not lead this query of gh to the forge: ${why}. ${ON_THE_WORKER}.`);
}
