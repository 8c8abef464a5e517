import type { CredentialInfo, CredentialInput, CredentialPreset } from "@ws/rpc-contract";

/** What is added: a key of a coding tool is a variable, of which the name is known. */
export type AddedKind = "tool" | "env" | "pat" | "ssh_key" | "file";

/** What a form has, but for the secret. */
export interface CredentialForm {
  kind: AddedKind;
  name: string;
  host: string;
  username: string;
  /** One a line. */
  hostKeys: string;
  /** Of a file: where it lies on the worker. */
  source: string;
  tool: string;
  expose: boolean;
}

export type FormErrors = Partial<Record<keyof CredentialForm | "value", string>>;

/** Variables by which tools know a token of GitHub. */
const FORGE_TOKENS: ReadonlySet<string> = new Set(["GITHUB_TOKEN", "GH_TOKEN"]);

export function emptyForm(kind: AddedKind): CredentialForm {
  return { kind, name: "", host: "", username: "", hostKeys: "", source: "", tool: "", expose: false };
}

/** To give one that is there a new secret. */
export function formOf({ name, type, host = "", hostKeys = [], source, exposed }: CredentialInfo): CredentialForm {
  const kind = type === "file" || type === "ssh_key" || type === "env" ? type : "pat";
  return {
    ...emptyForm(kind),
    name,
    host: kind === "env" ? "" : host,
    hostKeys: hostKeys.join("\n"),
    source: kind === "file" ? source : "",
    expose: exposed === true,
  };
}

/** Whether this variable holds a token that git uses through the worker. */
export function isForgeToken({ kind, name }: Pick<CredentialForm, "kind" | "name">): boolean {
  return kind === "env" && FORGE_TOKENS.has(name.trim());
}

/** What the worker is asked for; `secret` is as it was typed. */
export function inputOf(form: CredentialForm, secret: string): { input: CredentialInput } | { errors: FormErrors } {
  const { kind } = form;
  const [name, host, username, source] = [form.name, form.host, form.username, form.source].map((text) => text.trim());
  const errors: FormErrors = {};
  if (name === undefined || name === "") errors.name = NAMELESS[kind];
  else if (/^(?:env|tool)$/.test(kind) && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    errors.name = "Use letters, digits and underscores, beginning with a letter or an underscore.";
  }
  if (kind === "file") {
    if (source === "") errors.source = "Where does the file lie on the worker?";
  } else if (secret.trim() === "") errors.value = kind === "ssh_key" ? "Paste the private key." : "Paste the secret.";
  if (Object.keys(errors).length > 0) return { errors };
  const hostKeys = form.hostKeys.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  return {
    input: {
      name: name ?? "",
      type: kind === "tool" ? "env" : kind,
      // A key ends with a line's end, and everything else is one word or more of a line.
      value: kind === "file" ? (source ?? "") : kind === "ssh_key" ? secret : secret.trim(),
      ...((kind === "pat" || kind === "ssh_key") && host !== "" && { host }),
      ...(kind === "pat" && username !== "" && { username }),
      ...(kind === "ssh_key" && hostKeys.length > 0 && { hostKeys }),
      ...(isForgeToken(form) && { expose: form.expose }),
    },
  };
}

const NAMELESS: Readonly<Record<AddedKind, string>> = {
  tool: "Which tool is it for?",
  env: "What is the variable called?",
  pat: "Give it a name of your own, such as work.",
  ssh_key: "Give it a name of your own, such as deploy.",
  file: "Where should it be in workspaces?",
};

/** With that tool chosen: its usual variable. */
export function withTool(form: CredentialForm, preset: CredentialPreset): CredentialForm {
  return { ...form, tool: preset.name, name: preset.variables[0] ?? "" };
}
