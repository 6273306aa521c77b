"""Three machines with a database and two with the application, as `deploy/cluster` describes them.

Here a machine is a folder and a loopback address. Its files are those of `deploy/cluster`, with
their addresses, paths and passwords replaced and nothing else; its processes are found by its
folder, so that all of them can be killed, or made to stand still, at once.
"""

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from configparser import RawConfigParser
from dataclasses import dataclass, field
from getpass import getuser
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from pwd import getpwnam
from secrets import token_hex
from typing import Any
from urllib.parse import quote

import psycopg

from nowrongdoor.site.data_folder import place, walkable
from nowrongdoor.site.postgres import end_with_parent, find_binaries
from tests.faults.deployed import APPS, DATABASES, DEPLOY, own, variables
from tests.faults.house import (
    COMMAND,
    ROOT,
    House,
    Process,
    free_port,
    plain_environment,
    send,
    until,
)

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
ENGINES = ("etcd", "haproxy", "openssl")
PATRONI = ROOT / ".venv" / "patroni"  # what /opt/patroni is on a machine of its own
BACKUP = "pgbackrest"
WHOLE_S = 180.0  # a machine that comes back may be copied anew
RUNS = ("running", "streaming")  # the second since Patroni 3.1
Members = dict[str, tuple[str, str]]
FOLDERS = (
    "etc/nowrongdoor",
    "run/postgresql",
    "run/pgbackrest",
    "var/lib/postgresql",
    "var/lib/etcd",
    "var/lib/nowrongdoor",
    "var/log/pgbackrest",
    "var/spool/pgbackrest",
)
_SECRETS = ("superuser", "replication", "rewind", "app", "key", "factors", "backup", "owner")


def missing() -> list[str]:
    """The programs that this machine does not have, or that nobody but root can run."""
    found = [name for name in ENGINES if shutil.which(name, path=PATH) is None]
    runs = [str(PATRONI / "bin" / "patroni"), "--version"]
    try:
        subprocess.run(runs, check=True, capture_output=True, cwd="/", **ordinary())
    except (OSError, subprocess.CalledProcessError):
        found.append("patroni")
    return found


def ordinary() -> dict[str, Any]:
    """Whom the engines run as: nobody in particular, where we are root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": getpwnam("nobody").pw_gid, "extra_groups": []}


def has_backup() -> bool:
    return shutil.which(BACKUP, path=PATH) is not None


@dataclass(frozen=True, slots=True)
class Machine:
    name: str
    address: str
    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "etc/patroni/config.yml"


@dataclass(slots=True)
class Cluster(House):
    """One installation on five machines. `doors` are the ports of its servers."""

    net: str = ""
    user: str = ""
    binaries: Path = Path()
    machines: dict[str, Machine] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    children: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    # what is installed

    def install(self) -> None:
        """Put every file of every machine where it belongs."""
        root = os.geteuid() == 0
        self.user = "nobody" if root else getuser()
        self.net = f"127.{os.getpid() % 250 + 2}.{os.getpid() // 250 % 250 + 2}."
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        binaries = found[-1].parent if found else find_binaries()
        self.binaries = place(self.folder, binaries, "nobody" if root else None)[1]
        self.secrets = {name: token_hex(16) for name in _SECRETS}
        for name, address in (DATABASES | APPS).items():
            machine = Machine(name, address.replace("10.20.0.", self.net), self.folder / name)
            self.machines[name] = machine
            for part in FOLDERS:
                (machine.folder / part).mkdir(parents=True)
        self._certify()
        for machine in self.databases:
            self._write(machine, "etcd.env", "etc/default/etcd")
            self._write(machine, "patroni.yml", "etc/patroni/config.yml")
            self._write(machine, "pgbackrest.conf", "etc/pgbackrest.conf")
        for machine in self.apps:
            self._write(machine, "haproxy.cfg", "etc/haproxy/haproxy.cfg")
            self._write(machine, "app.env", "etc/nowrongdoor/app.env")
        (self.folder / "srv" / "backup").mkdir(parents=True)
        for folder in [*(each.folder for each in self.machines.values()), self.folder / "srv"]:
            self.give(folder)

    @property
    def databases(self) -> list[Machine]:
        return [self.machines[name] for name in DATABASES]

    @property
    def apps(self) -> list[Machine]:
        return [self.machines[name] for name in APPS]

    def _certify(self) -> None:
        made = self.folder / "certificates"
        pairs = [word for each in self.machines.values() for word in (each.name, each.address)]
        command = ["sh", str(DEPLOY / "certificates.sh"), str(made), *pairs]
        subprocess.run(command, check=True, env={"PATH": PATH})
        for each in self.machines.values():
            (made / each.name).rename(each.folder / "etc/nowrongdoor/tls")

    def _write(self, machine: Machine, source: str, target: str) -> None:
        file = machine.folder / target
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(self.placed(source, machine))

    def placed(self, source: str, machine: Machine) -> str:
        """A file of `deploy/cluster` for this machine: own name and address, paths, passwords."""
        text = (DEPLOY / source).read_text()
        if machine.name in DATABASES:
            text = "\n".join(own(line, machine.name) for line in text.splitlines()) + "\n"
        for name, secret in self.secrets.items():
            text = text.replace(f"CHANGE-ME-{name}", secret)
        text = text.replace("10.20.0.0/24", "127.0.0.0/8").replace("10.20.0.", self.net)
        text = text.replace("127.0.0.1:5000", f"{machine.address}:5000")
        text = text.replace("/usr/lib/postgresql/15/bin", str(self.binaries))
        text = text.replace("/srv/", f"{self.folder}/srv/")
        text = re.sub(r"(?<![\w/.])/(?=(etc|var|run)/)", f"{machine.folder}/", text)
        text = text.replace("/opt/nowrongdoor", str(ROOT))
        # the superuser is whoever PostgreSQL runs as; HAProxy begins as nobody in particular
        text = re.sub(r"(username: |all +|pg1-user=)postgres\b", rf"\g<1>{self.user}", text)
        text = re.sub(r"(?m)^ +(user|group|chroot) .*\n", "", text)
        return text if has_backup() else re.sub(r"(archive_command: ).*", r"\1/bin/true", text)

    def give(self, folder: Path) -> None:
        """To whoever the engines run as."""
        if os.geteuid() == 0:
            account = getpwnam(self.user)
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid)

    # what runs

    def start_all(self) -> None:
        """Engines first; then roles, tables and the community; then worker and servers."""
        for machine in self.databases:
            self.start_database(machine)
        until(lambda: self._again() or self.whole(), "three databases, one of them synchronous")
        for machine in self.apps:
            config = str(machine.folder / "etc/haproxy/haproxy.cfg")
            self.start(machine, "haproxy", ["haproxy", "-db", "-f", config])
        until(self._reached, "HAProxy knows who leads")
        if has_backup():
            self.backrest("stanza-create")
        self._make_database()
        once = [(self.apps[0], words) for words in (["migrate"], ["load", "communities/tucson"])]
        for app, words in [*once, *((each, ["collect"]) for each in self.apps)]:
            environment = self.addresses() | self._application(app)
            asked = [COMMAND, *words]
            subprocess.run(asked, check=True, cwd=ROOT, env=environment, capture_output=True)
        self._start_application()

    def start_database(self, machine: Machine) -> None:
        """etcd and Patroni, as systemd starts them when a machine comes up."""
        self.start(machine, "etcd", ["etcd"], variables(machine.folder / "etc/default/etcd"))
        self._start_patroni(machine)

    def _start_patroni(self, machine: Machine) -> None:
        backup = {"PGBACKREST_CONFIG": str(machine.folder / "etc/pgbackrest.conf")}
        words = [str(PATRONI / "bin" / "patroni"), str(machine.config)]
        self.start(machine, "patroni", words, backup)

    def _again(self) -> None:
        """As its unit says, where Patroni failed: a new etcd has not settled on its version at once."""
        for machine in self.databases:
            if not self.of(machine, "patroni"):
                self._start_patroni(machine)

    def _make_database(self) -> None:
        """The roles and the database, as `docs/howto/production.md` has them."""
        page = (ROOT / "docs/howto/production.md").read_text()
        statements = re.sub(r"--.*", "", page.partition("```sql\n")[2].partition("```")[0])
        for name in ("owner", "app"):
            statements = statements.replace("'…'", f"'{self.secrets[name]}'", 1)
        first, *others = re.split(r"^\\c (\w+)$", statements, flags=re.MULTILINE)
        for name, part in [("postgres", first), *zip(others[::2], others[1::2], strict=True)]:
            with psycopg.connect(self.url("admin", name), autocommit=True) as admin:
                for statement in part.strip().split(";")[:-1]:
                    admin.execute(statement)

    def _start_application(self) -> None:
        self.ports = (free_port(), free_port())
        self.port = self.ports[0]
        for machine, port in zip(self.apps, self.ports, strict=True):
            self.start_unit("nowrongdoor-serve@.service", machine, port)
        self.start_unit("nowrongdoor-worker.service", self.machines["app1"])
        until(lambda: all(self.healthy_at(port) for port in self.ports), "health is ok")

    def start_unit(self, unit: str, machine: Machine, port: int = 0, **more: str) -> None:
        """What systemd would start, with the unit's own words, as the demo: its people are synthetic."""
        parser = RawConfigParser(strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(DEPLOY / unit)
        command = parser["Service"]["ExecStart"].replace("%i", str(port))
        words = command.replace("/opt/nowrongdoor", str(ROOT)).split()
        self.start(machine, unit.partition(".")[0], words, self._application(machine) | more)

    def _application(self, machine: Machine) -> dict[str, str]:
        read = variables(machine.folder / "etc/nowrongdoor/app.env")
        demo = {"NWD_SYNTHETIC": "1", "NWD_TLS": "0", "NWD_HOSTS": "localhost"}
        return read | demo

    def start(
        self, machine: Machine, name: str, words: list[str], more: dict[str, str] | None = None
    ) -> None:
        ours = COMMAND in words
        environment = plain_environment() if ours else {"LC_ALL": "C.UTF-8"}
        whose = {} if ours and not _anybody_may_run_us() else ordinary()
        with (machine.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                words,
                cwd=ROOT if ours else machine.folder,
                env=environment | {"PATH": PATH, "MACHINE": str(machine.folder)} | (more or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - it takes no lock
                **whose,
            )  # type: ignore[call-overload]
        self.children.append(child)

    # what is asked

    def url(self, role: str, database: str = "nowrongdoor") -> str:
        name, secret = {
            "admin": (self.user, "superuser"),
            "nwd_owner": ("nwd_owner", "owner"),
            "nwd_app": ("nwd_app", "app"),
        }[role]
        password, here = quote(self.secrets[secret], safe=""), self.machines["app1"]
        ca = quote(str(here.folder / "etc/nowrongdoor/tls/ca.crt"), safe="")
        address = f"postgresql://{name}:{password}@{here.address}:5000/{database}"
        return f"{address}?sslmode=verify-ca&sslrootcert={ca}&connect_timeout=3"

    def without_haproxy(self) -> str:
        """The other address for the app: libpq's own list of machines."""
        file = self.machines["app2"].folder / "etc/nowrongdoor/app-without-haproxy.env"
        file.write_text(self.placed(file.name, self.machines["app2"]))
        return variables(file)["DATABASE_URL"]

    @property
    def anchor(self) -> Path:
        return self.machines["app1"].folder / "var/lib/nowrongdoor/anchor.log"

    def door(self, turn: int) -> int:
        return self.ports[turn % len(self.ports)]

    def healthy_at(self, port: int) -> bool:
        return House(self.folder, port).healthy()

    def _reached(self) -> bool:
        """Whoever comes next is led to the leader: until it has looked, HAProxy takes each in turn for it."""
        leads = self.url("admin", "postgres") + "&target_session_attrs=read-write"
        try:
            for _ in range(2 * len(DATABASES)):
                psycopg.connect(leads).close()
        except psycopg.OperationalError:
            return False
        return True

    def answers(self) -> list[Members]:
        """What each Patroni that answers says. One that just woke may say what was so before."""
        context = ssl._create_unverified_context()
        found = []
        for machine in self.databases:
            asked = HTTPSConnection(machine.address, 8008, timeout=2, context=context)
            try:
                asked.request("GET", "/cluster")
                said = json.loads(asked.getresponse().read())["members"]
                found.append({each["name"]: (each["role"], each["state"]) for each in said})
            except (OSError, HTTPException, ValueError, KeyError):
                continue
            finally:
                asked.close()
        return found

    def members(self) -> Members:
        """Role and state of each database, as most say; nothing where nobody says."""
        found = self.answers()
        return max(found, key=found.count, default={})

    def whole(self) -> bool:
        """All three run and agree on who leads, and a commit waits for two of them."""
        found = self.answers()
        if len(found) != len(DATABASES) or any(each != found[0] for each in found):
            return False
        running = sorted(role for role, state in found[0].values() if state in RUNS)
        return running == ["leader", "replica", "sync_standby"]

    def who(self, role: str) -> Machine:
        [name] = [name for name, (has, _) in self.members().items() if has == role]
        return self.machines[name]

    def of(self, machine: Machine, words: str = "") -> list[Process]:
        """Its processes, whose words have these in them."""
        house = House(machine.folder, 0)
        return [each for each in house.processes() if words in each.words]

    def ctl(self, *words: str) -> str:
        """`patronictl`, on a machine whose Patroni lives."""
        alive = next(each for each in self.databases if self.of(each, "patroni"))
        done = subprocess.run(
            [str(PATRONI / "bin" / "patronictl"), "-c", str(alive.config), *words],
            env={"PATH": PATH, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=WHOLE_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def backrest(self, *words: str) -> str:
        """`pgbackrest`, on the machine that leads."""
        leader = self.who("leader")
        config = {"PGBACKREST_CONFIG": str(leader.folder / "etc/pgbackrest.conf")}
        done = subprocess.run(
            [BACKUP, "--stanza=nowrongdoor", *words],
            env={"PATH": PATH, "LC_ALL": "C.UTF-8"} | config,
            cwd=leader.folder,
            capture_output=True,
            text=True,
            timeout=WHOLE_S,
            **ordinary(),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # what is done to it

    def kill(self, machine: Machine) -> None:
        """Everything on it at once, etcd included: nothing of it says goodbye."""
        send(self.of(machine), signal.SIGKILL)
        until(lambda: not self.of(machine), "nothing of it is left")

    def last_words(self) -> str:
        logs = sorted(self.folder.glob("*/*.log"))
        return "\n".join(f"--- {each}\n{each.read_text()[-1500:]}" for each in logs)

    def end(self) -> None:
        for child in self.children:
            child.poll()
        House.end(self)
        for child in self.children:
            child.wait()


def _anybody_may_run_us() -> bool:
    """Whether an ordinary user can walk to our program and its interpreter."""
    return walkable(ROOT) and walkable(Path(sys.executable).resolve().parent)
