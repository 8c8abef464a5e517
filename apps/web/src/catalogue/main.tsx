import { createRoot } from "react-dom/client";
import { createTheme } from "../theme.ts";
import { Catalogue } from "./catalogue.tsx";
import "../styles.css";

const theme = createTheme({
  storage: localStorage,
  systemDark: matchMedia("(prefers-color-scheme: dark)"),
  apply: (shown) => void (document.documentElement.dataset["theme"] = shown),
});
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
createRoot(root).render(<Catalogue theme={theme} />);
