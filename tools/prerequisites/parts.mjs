import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * What the tests need, part by part. `os` limits a requirement to one system; `debian`, `ubuntu`, `fedora` and
 * `darwin` name its packages there (`ubuntu` only where it differs from Debian); `next` is the way to what no package brings.
 */
const parts = {
  engine: [],
  image: [
    {
      what: "debootstrap",
      os: "linux",
      present: onPath("debootstrap"),
      debian: ["debootstrap"],
      fedora: ["debootstrap"],
    },
    {
      what: "Debian's archive keys",
      os: "linux",
      present: file("/usr/share/keyrings/debian-archive-keyring.gpg"),
      debian: ["debian-archive-keyring"],
      fedora: ["debian-keyring"],
    },
  ],
  browser: [
    {
      what: "Chromium",
      present: () => findBrowser() !== undefined,
      debian: ["chromium"],
      ubuntu: ["chromium-browser"],
      fedora: ["chromium"],
      darwin: ["--cask", "chromium"],
    },
    {
      // Without one installed font Chromium draws no text at all.
      what: "the DejaVu fonts",
      os: "linux",
      present: file("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF"),
      debian: ["fonts-dejavu-core"],
      fedora: ["dejavu-sans-fonts"],
    },
  ],
  git: [
    { what: "git", present: onPath("git"), debian: ["git"], fedora: ["git"], darwin: ["git"] },
    {
      what: "git-lfs",
      present: onPath("git-lfs"),
      debian: ["git-lfs"],
      fedora: ["git-lfs"],
      darwin: ["git-lfs"],
    },
    {
      what: "ssh",
      present: onPath("ssh", "ssh-keygen"),
      debian: ["openssh-client"],
      fedora: ["openssh-clients"],
      darwin: ["openssh"],
    },
    { what: "openssl", present: onPath("openssl"), debian: ["openssl"], fedora: ["openssl"], darwin: ["openssl"] },
  ],
  mercurial: [
    { what: "hg", present: onPath("hg"), debian: ["mercurial"], fedora: ["mercurial"], darwin: ["mercurial"] },
  ],
  local: [
    { what: "tmux", present: onPath("tmux"), debian: ["tmux"], fedora: ["tmux"], darwin: ["tmux"] },
    { what: "bubblewrap", os: "linux", present: onPath("bwrap"), debian: ["bubblewrap"], fedora: ["bubblewrap"] },
    { what: "ripgrep", present: onPath("rg"), debian: ["ripgrep"], fedora: ["ripgrep"], darwin: ["ripgrep"] },
    { what: "python3", present: onPath("python3"), debian: ["python3"], fedora: ["python3"], darwin: ["python3"] },
    {
      // It need not run: its readers of units and its way of being told are what is tested.
      what: "systemd",
      os: "linux",
      present: onPath("systemd-analyze", "systemd-notify"),
      debian: ["systemd"],
      fedora: ["systemd"],
    },
    { what: "rsync", present: onPath("rsync"), debian: ["rsync"], fedora: ["rsync"], darwin: ["rsync"] },
    {
      what: "OpenSSH's sftp-server",
      os: "linux",
      present: file("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server"),
      debian: ["openssh-sftp-server"],
      fedora: ["openssh-server"],
    },
  ],
  shells: [
    { what: "zsh", present: onPath("zsh"), debian: ["zsh"], fedora: ["zsh"], darwin: ["zsh"] },
    { what: "fish", present: onPath("fish"), debian: ["fish"], fedora: ["fish"], darwin: ["fish"] },
    { what: "groff", os: "linux", present: onPath("groff"), debian: ["groff"], fedora: ["groff"] },
  ],
  root: [
    {
      // The suites leave those tests out for a plain user, which in CI would be a skip that nobody sees.
      what: "root, for the tests of the firewall in the machine's own tables and of a worker that becomes another user",
      os: "linux",
      present: ({ uid, env }) => uid === 0 || /^(?:0|false)?$/.test(env.CI ?? ""),
      next: "sudo env CI=true npm test, or without CI to leave them out",
    },
    {
      what: "ip, for networks of the tests' own",
      os: "linux",
      present: ({ uid }) => uid !== 0 || onPath("ip")(),
      debian: ["iproute2"],
      fedora: ["iproute"],
    },
    {
      what: "iptables, for networks that are cut",
      os: "linux",
      present: ({ uid }) => uid !== 0 || onPath("iptables")(),
      debian: ["iptables"],
      fedora: ["iptables-nft"],
    },
  ],
};

export const partNames = Object.keys(parts);

/** The requirements of these parts that apply on this system, for this user. */
export function requirementsOf(
  names,
  platform = process.platform,
  user = { uid: process.getuid?.(), env: process.env },
) {
  return names
    .flatMap((name) => parts[name])
    .filter(({ os }) => os === undefined || os === platform)
    .map((requirement) => ({ ...requirement, present: () => requirement.present(user) }));
}

/** The path of the first Chromium-like browser found, `CHROMIUM` before all others. */
export function findBrowser(env = process.env) {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const bundles = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  const candidates = [...names.flatMap((name) => pathsOf(name)), ...bundles];
  return env.CHROMIUM || candidates.find(isExecutable);
}

function onPath(...commands) {
  return () => commands.every((command) => pathsOf(command).some(isExecutable));
}

function file(...alternatives) {
  return () => alternatives.some((path) => existsSync(path));
}

/** Where a command may lie; a plain user's PATH lacks the sbin folders. */
function pathsOf(command) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.filter((folder) => folder !== "").map((folder) => join(folder, command));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
