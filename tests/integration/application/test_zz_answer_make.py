import json, pytest
from tests.integration.application import town
from tests.integration.application.town import do
pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]
def test_make():
    here = town.make("look")
    d = town.released(here, title="鞍山市餐厨废弃物收运单位名录及日收运量（2026年第三季度）", second_opinion="yes")
    e = town.released(here, title="全市空气质量自动监测站小时值")
    town.approved(here, e)
    do(here.editor, town.submitted(here, e), "refuse", ground="more_than_needed", article="第二十七条", explanation="超出用途需要的范围", redress="申请复议", seen={"unlike_earlier": "情形不同"})
    a = town.submitted(here, e); b = town.submitted(here, d)
    out = {"editor": here.editor["token"], "head": here.head["token"], "cyber": here.review.cyberspace["token"], "bureau": here.review.bureau["token"], "person": here.person["token"], "a": a["number"], "b": b["number"], "dataset": e["name"]}
    open("/tmp/h/answer/made.json", "w").write(json.dumps(out))
