"""Each process is killed once while clients write; two hundred times in ``./portal bench kills``."""

from __future__ import annotations

import pytest
from ckanapi import RemoteCKAN

from ckanext.anshan.local import lifecycle
from ckanext.anshan.local.web import Sealer, Web, Worker
from tests.bench.kills import Clients, kill, whole
from tests.conftest import RunningPortal


@pytest.mark.slow
def test_no_acknowledged_event_is_lost_or_doubled_when_processes_are_killed(running_portal: RunningPortal):
    portal = lifecycle.portal_of(running_portal.data)
    token = running_portal.accounts("sysadmin")[0]["token"]
    clients = Clients(running_portal.url, token, pause=0.4)
    threads = clients.run()
    for kind in (Sealer, Web, Sealer, Worker):
        kill(portal, kind)
    clients.stop.set()
    for one in threads:
        one.join(60)
    found = whole(portal, clients)
    with RemoteCKAN(running_portal.url, apikey=token) as api:
        for id in clients.acknowledged:
            api.action.organization_purge(id=id)
    assert found["acknowledged"] > found["of these refusals"] > 0
    assert (found["lost"], found["doubled"], found["findings"]) == (0, 0, {})
    assert found["all sealed"] and found["positions without a gap"]
