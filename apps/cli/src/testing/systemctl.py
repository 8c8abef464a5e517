#!/usr/bin/env python3
"""A stand-in for systemctl and the manager behind it, for machines without systemd as their first process.

It knows the verbs that 'ws agent' uses and runs one service as its unit says, as far as that is about what a test of ours looks at: the command with
its quoting, the environment, readiness by a real datagram socket, which processes a stop ends (KillMode), and that nothing is read again without
daemon-reload. STAND_IN_PLACE is where it keeps what it knows; STAND_IN_UNITS where units lie.
"""
import ctypes
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time

PLACE = os.environ["STAND_IN_PLACE"]
UNITS = os.environ["STAND_IN_UNITS"]


def at(name):
    return os.path.join(PLACE, name)


def read(name, fallback=""):
    try:
        with open(at(name)) as file:
            return file.read()
    except FileNotFoundError:
        return fallback


def write(name, text):
    with open(at(name) + ".new", "w") as file:
        file.write(text)
    os.rename(at(name) + ".new", at(name))


def fail(message):
    sys.stderr.write(message + "\n")
    sys.exit(1)


def settings():
    """The service's settings as they were read last; a later one of a name counts."""
    found = {}
    for line in read("loaded").splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found[key] = value
    return found


def words(text):
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(text)]


def state():
    return json.loads(read("state", '{"active": "inactive", "pid": 0}'))


def is_there(pid):
    try:
        os.kill(pid, 0)
        return pid > 0
    except OSError:
        return False


def processes():
    """The parent of each process that has not ended."""
    parents = {}
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            if name.isdigit() and fields[0] != "Z":
                parents[int(name)] = int(fields[1])
        except (OSError, IndexError):
            pass
    return parents


def below(ancestor):
    found, parents = {ancestor}, processes()
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found - {ancestor}
        found |= more


def start(unit):
    """Returns once the service says that it is ready; the one that keeps it stays behind."""
    service = settings()
    if not service:
        fail(f"Unit {unit} not found.")
    told, tell = os.pipe()
    if os.fork() == 0:
        os.close(told)
        os.setsid()
        for number in (0, 1, 2):
            os.dup2(os.open(at("output"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), number)
        keep(service, tell)
        os._exit(0)
    os.close(tell)
    if os.read(told, 10) != b"ready":
        fail(f"Job for {unit} failed because the control process exited with error code.")


def keep(service, tell):
    # What loses its parent stays below this one, as in a control group.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    path = at(f"notify-{os.getpid()}")
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(path)
    heard.settimeout(0.05)
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "NOTIFY_SOCKET": path}
    environment |= dict(word.split("=", 1) for word in words(service.get("Environment", "")))
    if "WatchdogSec" in service:
        environment["WATCHDOG_USEC"] = str(int(service["WatchdogSec"]) * 1_000_000)
    main = subprocess.Popen(words(service["ExecStart"]), env=environment, umask=int(service.get("UMask", "0022"), 8))
    write("state", json.dumps({"active": "activating", "pid": main.pid, "keeper": os.getpid()}))
    while main.poll() is None:
        try:
            said = heard.recv(4096).decode()
        except TimeoutError:
            continue
        with open(at("notified"), "a") as file:
            file.write(said + "\n")
        if "READY=1" in said.splitlines():
            write("state", json.dumps({"active": "active", "pid": main.pid, "keeper": os.getpid()}))
            os.write(tell, b"ready")
    os.unlink(path)
    # As systemd has it, the end that was asked for is no failure.
    failed = main.returncode not in (0, -signal.SIGTERM)
    write("state", json.dumps({"active": "failed" if failed else "inactive", "pid": 0}))


def stop():
    known = state()
    if not is_there(known["pid"]):
        return
    group = below(known["keeper"]) if settings().get("KillMode") != "process" else {known["pid"]}
    for pid in group:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    while state()["pid"] == known["pid"]:
        time.sleep(0.02)


def show(arguments):
    known = state()
    told = {
        "Version": "stand-in",
        "ActiveState": known["active"],
        "MainPID": str(known["pid"]),
        "UnitFileState": "enabled" if os.path.exists(at("enabled")) else "disabled",
    }
    for argument in arguments:
        if argument.startswith("--property="):
            for name in argument.split("=", 1)[1].split(","):
                print(f"{name}={told[name]}")


def main():
    arguments = [word for word in sys.argv[1:] if word != "--user"]
    with open(at("calls"), "a") as file:
        file.write(" ".join(sys.argv[1:]) + "\n")
    verb, names = arguments[0], [word for word in arguments[1:] if not word.startswith("--")]
    if verb == "show":
        return show(arguments[1:])
    if verb == "daemon-reload":
        path = os.path.join(UNITS, "workspace-agent.service")
        return write("loaded", open(path).read() if os.path.exists(path) else "")
    unit = names[0]
    if verb in ("enable", "disable") and not os.path.exists(os.path.join(UNITS, unit)):
        fail(f"Failed to {verb} unit: Unit file {unit} does not exist.")
    if verb == "enable":
        write("enabled", "")
    elif verb == "disable":
        if "--now" in arguments:
            stop()
        if os.path.exists(at("enabled")):
            os.unlink(at("enabled"))
    elif verb == "restart":
        stop()
        start(unit)
    elif verb != "reset-failed":
        fail(f"Unknown command verb {verb}.")


main()
