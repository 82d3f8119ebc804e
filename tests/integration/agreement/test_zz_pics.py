import sys; sys.path[:0]=["/work/main"]
from dataclasses import replace
from pathlib import Path
import re
from datetime import datetime, timezone
def test_pics(app):
    from tests.integration.agreement.test_showing import html, BOTH, made, Standing, State, Side
    out=Path("/tmp/h/agreements/site"); out.mkdir(exist_ok=True)
    for name,given in {"zh":dict(),"en":dict(language="en"),"draft":dict(sides=()),"revoked":dict(facts=made.large(),state=Standing(State.REVOKED,datetime(2027,1,2,tzinfo=timezone.utc),"向他人转让数据","本协议第十四条"))}.items():
        page=html(app,**given)
        (out/f"{name}.html").write_text(page)
    for url in set(re.findall(r'(?:href|src)="(/anshan/[^"#]+)',page)):
        r=app.get(url.replace("&amp;","&")); p=out/url.split("?")[0].lstrip("/"); p.parent.mkdir(parents=True,exist_ok=True); p.write_bytes(r.body if isinstance(r.body,bytes) else r.data)
