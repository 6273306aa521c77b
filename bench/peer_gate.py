"""A peer's engine for `gate`: decides disclosures by policies. Run in an environment of its own that has both.

In: {"engine", "policies", "asked"}. Out: [microseconds of each, whether each is allowed]. Policies are read once.
"""

import json
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

MODEL = """
[request_definition]
r = data, sender, to, purpose, facts
[policy_definition]
p = rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = eval(p.rule)
"""


def cedar(policies: str) -> tuple[Callable[[Any], bool], Callable[[Any], Any]]:
    import cedarpy

    read = cedarpy.PolicySet.from_str(policies)
    nobody = cedarpy.Entities.from_json_str("[]")

    def prepared(line: Any) -> Any:
        who = {"principal": 'Kind::"it"', "action": 'Action::"tell"', "resource": 'Record::"it"'}
        return who | {"context": line}

    return (lambda line: cedarpy.is_authorized(line, read, nobody).allowed), prepared


def casbin(policies: list[list[str]]) -> tuple[Callable[[Any], bool], Callable[[Any], Any]]:
    import casbin as peer

    model = peer.Model()
    model.load_model_from_text(MODEL)
    enforcer = peer.Enforcer(model)
    enforcer.add_policies(policies)

    def prepared(line: Any) -> Any:
        facts = [name for name, value in line.items() if value is True]
        return SimpleNamespace(**line, facts=facts)

    def decide(line: Any) -> bool:
        return bool(enforcer.enforce(line.data, line.sender, line.to, line.purpose, line.facts))

    return decide, prepared


def main() -> None:
    job = json.load(sys.stdin)
    decide, prepared = {"cedarpy": cedar, "pycasbin": casbin}[job["engine"]](job["policies"])
    us, allowed = [], []
    for line in map(prepared, job["asked"]):
        began = time.perf_counter_ns()
        answer = decide(line)
        us.append((time.perf_counter_ns() - began) / 1000)
        allowed.append(answer)
    json.dump([us, allowed], sys.stdout)


if __name__ == "__main__":
    main()
