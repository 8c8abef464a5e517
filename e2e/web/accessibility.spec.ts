import { passes } from "./axe.ts";
import { filesOf, workspaceWith } from "./files.ts";
import { newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("no page breaks a rule of WCAG 2.2 AA that a machine can check", async ({ signedIn: page, agent }) => {
      const name = newName("axe");
      await agent.client.workspaces.create({ name });
      await page.getByRole("link", { name }).waitFor();
      await passes(page);
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("option").first().waitFor();
      await passes(page);
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name }).press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
      await passes(page);
      await page.keyboard.press("Escape");
      await page.getByRole("checkbox", { name: `Select ${name}` }).check();
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").waitFor();
      await passes(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: `Actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByRole("alertdialog").waitFor();
      await passes(page);
      await page.goto(`${agent.url}/new?clone=https://git.example.com/x`);
      await page.getByText("Advanced").click();
      await passes(page);
      for (const tab of ["overview", "ports", "settings", "logs", "files", "terminals"]) {
        await page.goto(`${agent.url}/w/${name}?tab=${tab}`);
        await page.getByRole("tabpanel").first().waitFor();
        if (tab === "terminals") await terminalOf(page).attached();
        await passes(page);
      }
    });

    test("nor do the files: the tree, the editor, its conflict, and what is found", async ({
      signedIn: page,
      agent,
    }) => {
      const name = await workspaceWith(agent, { "src/a.ts": "const a = 1; // one\n", "b.md": "# B\n" });
      const { item, text, typeAtEnd } = filesOf(page, name);
      await page.goto(`${agent.url}/w/${name}/files?path=src/a.ts`);
      await item("a.ts").waitFor();
      await typeAtEnd("mine");
      await passes(page);
      await agent.client.files.write({ name, path: "src/a.ts", content: "const a = 2;\n" });
      await text.press("ControlOrMeta+s");
      await page.getByRole("button", { name: "Compare" }).click();
      await page.getByRole("textbox", { name: "Theirs" }).waitFor();
      await passes(page);
      await page.getByRole("searchbox").fill("a");
      await page.getByRole("list", { name: "Found" }).waitFor();
      await passes(page);
      await page.getByRole("searchbox").fill("");
      await item("b.md").click({ button: "right" });
      await page.getByRole("menuitem", { name: "Rename…" }).click();
      await page.getByRole("dialog").waitFor();
      await passes(page);
    });

    test("the sign-in page neither", async ({ page, agent }) => {
      await page.goto(`${agent.url}/#code=wrong`);
      await page.getByRole("alert").waitFor();
      await passes(page);
    });
  });
}
