import type { Command } from "commander";
import type { Context } from "../context.ts";

export function registerSshConfig(program: Command, context: Context): void {
  program
    .command("ssh-config")
    .description("Make 'ssh NAME.ws' work on this device, with scp, rsync, sftp, git and editors.")
    .option("--print", "print what would be included, and leave ~/.ssh/config as it is")
    .option("--remove", "take it away again, with this device's key")
    .option("--json", "print the workers as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws ssh-config          then: ssh demo.ws
  ws ssh-config --print
  ws ssh-config --remove

It adds one line to ~/.ssh/config, makes a key for this device and tells it to the worker.
Run it again once there is another worker.`,
    )
    .action(async (flags: { print?: true; remove?: true; json?: true }) => {
      const { removeSsh, setUpSsh } = await import("../ssh/set-up.ts");
      if (flags.remove === true) {
        const wasThere = await removeSsh(context);
        if (flags.json === true) return context.printJson({ removed: wasThere });
        return context.hint(wasThere ? "It is gone from ~/.ssh/config." : "There was nothing to remove.");
      }
      const { workers, config, isNew } = await setUpSsh(context, flags.print === true ? { print: true } : {});
      if (flags.json === true) return context.printJson(workers);
      if (flags.print === true) return context.print(config.trimEnd());
      context.print(isNew ? "~/.ssh/config has a line more." : "~/.ssh/config is as it was.");
      const names = workers.map(({ name }) => (name === undefined ? "NAME.ws" : `NAME.${name}.ws`));
      context.hint(`Log in: ${names.map((name) => `ssh ${name}`).join(", ")}`);
    });
}
