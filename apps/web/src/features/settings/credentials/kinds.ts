import type { CredentialInfo } from "@ws/rpc-contract";
import { AppWindow, Braces, FileText, KeyRound, KeySquare, LogIn, type LucideIcon } from "lucide-react";

type Kind = CredentialInfo["type"];

/** How each kind of credential is called and drawn. */
export const KINDS: Readonly<Record<Kind, { label: string; Icon: LucideIcon }>> = {
  env: { label: "Environment variable", Icon: Braces },
  file: { label: "File", Icon: FileText },
  pat: { label: "Token", Icon: KeyRound },
  oauth: { label: "Login", Icon: LogIn },
  ssh_key: { label: "SSH key", Icon: KeySquare },
  github_app: { label: "GitHub App", Icon: AppWindow },
};

/** What the list is divided into, in its order; a token of a forge belongs to its forge, whatever holds it. */
export const SHELVES: readonly {
  id: string;
  title: string;
  about: string;
  has: (credential: CredentialInfo) => boolean;
}[] = [
  {
    id: "forges",
    title: "Forges and git",
    about: "The worker adds them to git's requests on their way, so that workspaces need not have them.",
    has: ({ host }) => host !== undefined,
  },
  {
    id: "variables",
    title: "Environment variables",
    about: "Given to processes in workspaces when they start.",
    has: ({ type, host }) => type === "env" && host === undefined,
  },
  {
    id: "files",
    title: "Files",
    about: "Copied from the worker into workspaces, and again when they change.",
    has: ({ type }) => type === "file",
  },
];
