import { Help, type Command, type Option } from "commander";

/** Rows of one of the README's tables: what stands in its first column, and what is said of it. */
export type Rows = readonly (readonly [string, string])[];

export interface ManPageOptions {
  version: string;
  exitCodes: Rows;
  environment: Rows;
}

/** The manual page of the whole program, in the macros of `man`, made from what its commands say of themselves. */
export function manPage(program: Command, { version, exitCodes, environment }: ManPageOptions): string {
  return [
    `.TH ${quoted(program.name().toUpperCase())} 1 "" ${quoted(`${program.name()} ${version}`)} "User Commands"`,
    ".SH NAME",
    // As a plain hyphen: what lists manual pages looks for it.
    `${escaped(program.name())} \\- ${escaped(program.description().replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    `.B ${escaped(program.name())}`,
    "\\fICOMMAND\\fR [\\fIARGUMENT\\fR...] [\\fIOPTION\\fR...]",
    ".SH OPTIONS OF EVERY COMMAND",
    ...program.options.flatMap(entryOf),
    ".SH COMMANDS",
    ...leaves(program).flatMap((command) => sectionOf(command, program)),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, meaning]) => tagged(code, meaning)),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([name, meaning]) => tagged(name, meaning)),
    ".SH FILES",
    ...tagged("~/.config/workspace/client.json", "where this device's worker is, and the token for it"),
    ...tagged("~/.config/workspace/config.json", "the settings of an agent on this machine"),
    "",
  ].join("\n");
}

/** The commands that do something, each group's in its own order; none that no help shows. */
function leaves(command: Command): Command[] {
  return new Help().visibleCommands(command).flatMap((each) => {
    if (each.name() === "help") return [];
    const below = leaves(each);
    return each.registeredArguments.length > 0 || below.length === 0 ? [each, ...below] : below;
  });
}

function sectionOf(command: Command, program: Command): string[] {
  const help = new Help();
  return [
    `.SS ${quoted(help.commandUsage(command).replace(` ${program.name()} `, " "))}`,
    escaped(command.description()),
    ...command.registeredArguments
      .filter(({ description }) => description !== "")
      .flatMap((argument) => tagged(argument.name(), help.argumentDescription(argument))),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(entryOf),
    ...examplesOf(command),
  ];
}

function entryOf(option: Option): string[] {
  return tagged(option.flags, new Help().optionDescription(option));
}

/** What its help says last, as it stands there. */
function examplesOf(command: Command): string[] {
  let said = "";
  // The types leave out that a command is an emitter.
  const emitter = command as Command & Pick<NodeJS.EventEmitter, "emit">;
  emitter.emit("afterHelp", { error: false, command, write: (text: string) => (said += text) });
  const text = said.trim();
  return text === "" ? [] : [".PP", ".nf", ...text.split("\n").map(escaped), ".fi"];
}

function tagged(tag: string, text: string): string[] {
  return [".TP", `.B ${quoted(tag)}`, escaped(text)];
}

/** An argument of a macro. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', "\\(dq")}"`;
}

/** Text that `man` prints as it is: a hyphen that can be copied, and no line that begins like a macro. */
function escaped(text: string): string {
  const plain = text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll("…", "...");
  return plain.startsWith(".") ? `\\&${plain}` : plain;
}
