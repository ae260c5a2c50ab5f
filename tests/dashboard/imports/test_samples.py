from components.data.bulk import open_bulk
from dashboard.schema import config

async def test_x(filled_url):
    async with open_bulk(config(filled_url)) as b:
        print(await b.fetch("select * from import_run"))
        assert await b.number("select count(*) from usage_interval") == 68208
